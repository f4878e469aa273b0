package org.datman.metrics.phantom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.datman.analysis.image.Volume;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.spike.Herringbone;
import org.datman.analysis.spike.KSpaceSpikes;
import org.datman.analysis.stats.Statistics;
import org.datman.analysis.timeseries.PrincipalComponents;
import org.datman.analysis.timeseries.Spectrum;
import org.datman.analysis.timeseries.TimeSeriesFit;
import org.datman.metrics.common.ComponentViews;
import org.datman.metrics.common.CoursePanel;
import org.datman.metrics.common.EvenSample;
import org.datman.metrics.common.HardwareView;
import org.datman.metrics.common.ImageMetrics;
import org.datman.metrics.common.SpectraView;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.model.Findings;
import org.datman.plots.picture.KSpaceView;
import org.datman.plots.picture.MapSheet;
import org.datman.plots.picture.Mosaic;
import org.datman.plots.picture.Picture;
import org.datman.plots.picture.Scale;
import org.datman.plots.picture.TimeSeriesPlot;
import org.datman.plots.picture.XyPlots;
import org.datman.plots.picture.XyPlots.Curve;
import org.datman.plots.report.TimeCourse;
import org.jspecify.annotations.Nullable;

/** Pictures of a stability run: slices, background, maps of noise, the region's time series with spectrum and Weisskoff plot, time courses. */
final class FbirnPictures {

    private static final int MOST_ROWS = 200;

    private FbirnPictures() {}

    static List<Picture> of(
            ScanData scan,
            Volume reference,
            Stability maps,
            SpherePlace sphere,
            FbirnMeasurement.Stable stable,
            @Nullable PrincipalComponents components,
            Mask inner,
            Mask air,
            @Nullable KSpaceSpikes spikes,
            Findings findings) {
        List<Picture> pictures = new ArrayList<>();
        pictures.add(Mosaic.structure(scan, new Volume(scan.grid(), maps.mean)));
        pictures.add(Mosaic.background(scan, reference));
        pictures.add(sheet(scan, maps, sphere));
        if (components != null) {
            pictures.add(ComponentViews.maps(scan, components, slices(scan, sphere)));
        }
        pictures.add(stability(scan, stable, components));
        pictures.add(courses(scan, findings));
        Herringbone wave =
                Herringbone.of(scan.grid(), reference.data(), air, scan.axes().slice());
        pictures.addAll(HardwareView.of(scan, reference.data(), air, wave, spikes));
        if (spikes != null) {
            pictures.add(KSpaceView.times(scan, spikes));
        }
        Picture spectra = SpectraView.of(
                scan,
                List.of(
                        new SpectraView.Rows("phantom", maps.rows(EvenSample.of(inner.indices(), MOST_ROWS))),
                        new SpectraView.Rows("air", maps.rows(EvenSample.of(air.indices(), MOST_ROWS)))),
                0,
                List.of(
                        new SpectraView.Plane("air", wave),
                        new SpectraView.Plane(
                                "odd - even in the phantom",
                                Herringbone.of(
                                        scan.grid(),
                                        maps.difference,
                                        inner,
                                        scan.axes().slice()))));
        if (spectra != null) {
            pictures.add(spectra);
        }
        return pictures;
    }

    private static Picture sheet(ScanData scan, Stability maps, SpherePlace sphere) {
        int axis = scan.axes().slice();
        int[] slices = slices(scan, sphere);
        double top = Scale.round(Statistics.quantile(maps.mean, 0.995));
        double noise = Scale.round(Statistics.quantile(maps.sd, 0.99));
        double change = Scale.round(Statistics.quantile(ImageMetrics.absolute(maps.difference), 0.99));
        double sfnr = Scale.round(Statistics.quantile(maps.sfnr, 0.995));
        return MapSheet.of(
                scan.request().series(),
                "phantom.png",
                "Maps of the phantom",
                "Noise and odd-even maps should show no structure: rims are movement, stripes spikes or ghosts, spots failing coils.",
                scan.grid(),
                axis,
                slices,
                List.of(
                        new MapSheet.Map(maps.mean, Scale.grey(0, top, "MEAN")),
                        new MapSheet.Map(maps.sd, Scale.viridis(0, noise, "SD AFTER QUADRATIC")),
                        new MapSheet.Map(maps.difference, Scale.diverging(change, "ODD - EVEN VOLUMES")),
                        new MapSheet.Map(maps.sfnr, Scale.viridis(0, sfnr, "SFNR"))));
    }

    private static int[] slices(ScanData scan, SpherePlace sphere) {
        int axis = scan.axes().slice();
        int n = scan.grid().dim(axis);
        int step =
                Math.max(1, (int) Math.round(sphere.radiusMm() / 3 / scan.grid().spacing(axis)));
        return Arrays.stream(new int[] {-2, -1, 0, 1, 2})
                .map(s -> sphere.slice() + s * step)
                .filter(s -> s >= 0 && s < n)
                .toArray();
    }

    private static Picture stability(
            ScanData scan, FbirnMeasurement.Stable stable, @Nullable PrincipalComponents components) {
        TimeSeriesFit course = stable.course();
        double tr = scan.trSeconds();
        double[] time = new double[course.values().length];
        Arrays.setAll(time, t -> Double.isNaN(tr) ? t : t * tr);
        XyPlots plots = new XyPlots(scan.request().series() + ": stability of the region");
        plots.panel(
                "mean of the region over time",
                Double.isNaN(tr) ? "volume" : "time, s",
                "intensity",
                false,
                List.of(
                        new Curve("region", time, course.values(), false),
                        new Curve("quadratic fit", time, course.fit(), true)));
        Spectrum spectrum = stable.spectrum();
        if (spectrum.known()) {
            plots.panel(
                    "spectrum of what the fit leaves",
                    "frequency, Hz",
                    "amplitude, % of signal",
                    false,
                    List.of(new Curve("residual", spectrum.hz(), spectrum.percent(), false)));
        }
        if (components != null) {
            ComponentViews.panels(plots, components, 0, tr);
        }
        double[] cv = stable.weisskoff().cv();
        double[] width = new double[cv.length];
        double[] percent = new double[cv.length];
        double[] theory = new double[cv.length];
        for (int r = 1; r <= cv.length; r++) {
            width[r - 1] = r;
            percent[r - 1] = 100 * cv[r - 1];
            theory[r - 1] = 100 * cv[0] / r;
        }
        plots.panel(
                "Weisskoff: fluctuation by size of the region",
                "width of the region, voxels (logarithmic)",
                "fluctuation, % (logarithmic)",
                true,
                List.of(new Curve("measured", width, percent, false), new Curve("white noise", width, theory, true)));
        return plots.picture(
                "stability.svg",
                "The course should follow a flat fit, the spectrum show no line, and the measured curve stay near the dashed one.");
    }

    private static Picture courses(ScanData scan, Findings findings) {
        TimeSeriesPlot plot =
                new TimeSeriesPlot(scan.request().series() + ": phantom over time", scan.trSeconds(), scan.volumes());
        CoursePanel.add(plot, findings, "ghost_pe", "ghost, fraction of the signal", 0.03);
        String[] patient = {"R", "A", "S"};
        TimeCourse place = findings.courses().get("fbirn_com");
        double[][] centre = place == null ? new double[0][] : columns(place);
        for (double[] column : centre) {
            double middle = Statistics.median(
                    Arrays.stream(column).filter(Double::isFinite).toArray());
            for (int t = 0; t < column.length; t++) {
                column[t] -= middle;
            }
        }
        if (place != null) {
            plot.panel("centre of mass against its median, mm", patient, centre);
        }
        TimeCourse smoothness = findings.courses().get("fbirn_fwhm");
        if (smoothness != null) {
            plot.panel("smoothness of the noise, mm FWHM", new String[] {"i", "j", "k"}, columns(smoothness));
        }
        CoursePanel.add(plot, findings, "ajkz", "largest slice anomaly (jackknife)");
        return plot.picture(
                "traces.svg",
                "All courses should be flat: steps of the ghost or of the centre are the scanner's, peaks of one volume are spikes.");
    }

    private static double[][] columns(TimeCourse course) {
        double[][] out = new double[3][];
        for (int c = 0; c < 3; c++) {
            out[c] = FbirnMeasurement.column(course.rows(), c, 0);
        }
        return out;
    }
}
