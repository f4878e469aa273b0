package org.datman.metrics.common;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.datman.analysis.stats.Statistics;
import org.datman.analysis.timeseries.PrincipalComponents;
import org.datman.analysis.timeseries.Spectrum;
import org.datman.analysis.timeseries.TimeSeriesFit;
import org.datman.metrics.input.ScanData;
import org.datman.plots.picture.MapSheet;
import org.datman.plots.picture.Picture;
import org.datman.plots.picture.Scale;
import org.datman.plots.picture.XyPlots;
import org.datman.plots.picture.XyPlots.Curve;

/** <a href="{@docRoot}/../docs/qc-specification.md#V11">V11</a>: principal components of the residuals of a quadratic fit of a run: maps, time courses and spectra. */
public final class ComponentViews {

    private ComponentViews() {}

    /** Maps, one row of slices per component. */
    public static Picture maps(ScanData scan, PrincipalComponents components, int[] slices) {
        List<MapSheet.Map> rows = new ArrayList<>();
        for (int c = 0; c < components.course().length; c++) {
            float[] map = components.maps()[c];
            double limit = Scale.round(Statistics.quantile(ImageMetrics.absolute(map), 0.995));
            String label = String.format(
                    Locale.ROOT,
                    "COMPONENT %d  %.2f%% OF VARIANCE",
                    c + 1,
                    components.percent()[c]);
            rows.add(new MapSheet.Map(map, Scale.diverging(limit, label)));
        }
        return MapSheet.of(
                scan.request().series(),
                "components.png",
                "Principal components of the residual",
                "Noise alone gives maps without structure: rims are movement, one side a coil, stripes and rolled shapes a ghost.",
                scan.grid(),
                scan.axes().slice(),
                slices,
                rows);
    }

    /** Time courses and spectra. */
    public static Picture plots(ScanData scan, PrincipalComponents components, int start) {
        XyPlots plots = new XyPlots(scan.request().series() + ": principal components");
        panels(plots, components, start, scan.trSeconds());
        return plots.picture(
                "components.svg",
                "Single peaks in time are motion or k-space spikes, slow waves drift or breathing, a narrow peak in Hz a pump, fan or aliased heartbeat.");
    }

    /** The panels of time courses and spectra. */
    public static void panels(XyPlots plots, PrincipalComponents components, int start, double tr) {
        List<Curve> courses = new ArrayList<>();
        List<Curve> spectra = new ArrayList<>();
        for (int c = 0; c < components.course().length; c++) {
            double[] course = components.course()[c];
            double[] time = new double[course.length];
            Arrays.setAll(time, t -> Double.isNaN(tr) ? start + t : (start + t) * tr);
            String name = String.format(Locale.ROOT, "component %d", c + 1);
            courses.add(new Curve(name, time, course, false));
            double[] lifted = Arrays.stream(course).map(v -> v + 1).toArray();
            Spectrum spectrum = Spectrum.of(TimeSeriesFit.of(lifted), tr);
            if (spectrum.known()) {
                spectra.add(new Curve(name, spectrum.hz(), spectrum.percent(), false));
            }
        }
        plots.panel(
                "components of what the fit leaves", Double.isNaN(tr) ? "volume" : "time, s", "weight", false, courses);
        if (!spectra.isEmpty()) {
            plots.panel("spectra of the components", "frequency, Hz", "amplitude", false, spectra);
        }
    }
}
