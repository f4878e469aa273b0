package org.datman.metrics.common;

import java.util.ArrayList;
import java.util.List;
import org.datman.analysis.image.Grid;
import org.datman.analysis.noise.RadialProfile;
import org.datman.analysis.spike.Herringbone;
import org.datman.analysis.timeseries.MeanPower;
import org.datman.metrics.input.ScanData;
import org.datman.plots.picture.Picture;
import org.datman.plots.picture.XyPlots;
import org.datman.plots.picture.XyPlots.Curve;
import org.datman.plots.picture.XyPlots.Form;
import org.jspecify.annotations.Nullable;

/** <a href="{@docRoot}/../docs/qc-specification.md#V10">V10</a>: power of the noise by temporal frequency (object and air) and by distance from the middle of k-space. */
public final class SpectraView {

    private SpectraView() {}

    /** Rows [voxel][volume] of one kind of tissue. */
    public record Rows(String name, float[][] courses) {}

    /** Spatial power of one region of an image. */
    public record Plane(String name, Herringbone power) {}

    /**
     * Draws the available spectra; null when there are none.
     *
     * @param rows of a run, empty where time has no meaning
     * @param start first volume in steady state
     */
    public static @Nullable Picture of(ScanData scan, List<Rows> rows, int start, List<Plane> planes) {
        XyPlots plots = new XyPlots(scan.request().series() + ": spectra of the noise");
        List<Curve> inTime = new ArrayList<>();
        for (Rows one : rows) {
            MeanPower power = MeanPower.of(one.courses(), start, scan.trSeconds());
            if (power != null) {
                inTime.add(new Curve(one.name(), power.hz(), power.density(), false));
            }
        }
        boolean any = !inTime.isEmpty();
        if (any) {
            plots.panel(
                    "over time, quadratic removed", "frequency, Hz", "intensity² per Hz", Form.LOGARITHMIC_Y, inTime);
        }
        List<Curve> inSpace = new ArrayList<>();
        for (Plane plane : planes) {
            RadialProfile profile = profile(scan, plane.power());
            if (profile != null) {
                int colour = inSpace.size() / 2;
                inSpace.add(new Curve(plane.name() + ", mean", profile.perMm(), profile.mean(), false, colour));
                inSpace.add(new Curve("largest", profile.perMm(), profile.largest(), true, colour));
            }
        }
        if (!inSpace.isEmpty()) {
            any = true;
            plots.panel(
                    "over space, by ring",
                    "spatial frequency, cycles per mm",
                    "power, median ring = 1",
                    Form.LOGARITHMIC_Y,
                    inSpace);
        }
        return any
                ? plots.picture(
                        "spectra.svg",
                        "White noise is flat: a peak in Hz also in the air is a cold head or pump, a slope to the left drift, a dashed peak in space a wave over the image.")
                : null;
    }

    private static @Nullable RadialProfile profile(ScanData scan, Herringbone power) {
        if (power.slices() == 0) {
            return null;
        }
        Grid grid = scan.grid();
        int slice = scan.axes().slice();
        RadialProfile profile = RadialProfile.of(
                power.power(),
                power.nx(),
                power.ny(),
                grid.spacing(slice == 0 ? 1 : 0),
                grid.spacing(slice == 2 ? 1 : 2));
        return profile.perMm().length < 4 ? null : profile;
    }
}
