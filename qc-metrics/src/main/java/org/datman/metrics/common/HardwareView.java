package org.datman.metrics.common;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.noise.Profiles;
import org.datman.analysis.spike.Herringbone;
import org.datman.analysis.spike.KSpaceSpikes;
import org.datman.metrics.input.ScanData;
import org.datman.plots.picture.KSpaceView;
import org.datman.plots.picture.Picture;
import org.datman.plots.picture.XyPlots;
import org.jspecify.annotations.Nullable;

/** Pictures of the air, which show hardware faults: k-space and profiles. */
public final class HardwareView {

    private HardwareView() {}

    /**
     * <a href="{@docRoot}/../docs/qc-specification.md#V8">V8</a> and <a href="{@docRoot}/../docs/qc-specification.md#V9">V9</a>.
     *
     * @param image whose air is examined: one acquired volume, or the power over a run
     * @param air voxels without object
     * @param spikes result of the search between volumes, or null
     */
    public static List<Picture> of(
            ScanData scan, float[] image, Mask air, Herringbone wave, @Nullable KSpaceSpikes spikes) {
        Picture planes = KSpaceView.planes(scan, wave, spikes);
        Picture profiles = profiles(scan, image, air);
        return profiles == null ? List.of(planes) : List.of(planes, profiles);
    }

    /** <a href="{@docRoot}/../docs/qc-specification.md#V8">V8</a>, <a href="{@docRoot}/../docs/qc-specification.md#V9">V9</a> and <a href="{@docRoot}/../docs/qc-specification.md#V10">V10</a> of the air of one volume. */
    public static List<Picture> ofAir(ScanData scan, float[] image, Mask air, Herringbone wave) {
        List<Picture> pictures = new ArrayList<>(of(scan, image, air, wave, null));
        Picture spectra = SpectraView.of(scan, List.of(), 0, List.of(new SpectraView.Plane("air", wave)));
        if (spectra != null) {
            pictures.add(spectra);
        }
        return pictures;
    }

    /** Background across both image axes, in Hz where the bandwidth is known; null when there is too little air. */
    public static @Nullable Picture profiles(ScanData scan, float[] image, Mask air) {
        Grid grid = scan.grid();
        XyPlots plots = new XyPlots(scan.request().series() + ": background across the image");
        boolean any = false;
        for (int axis = 0; axis < 3; axis++) {
            if (axis == scan.axes().slice()) {
                continue;
            }
            Profiles p = Profiles.across(grid, image, air, axis);
            if (Arrays.stream(p.mean()).filter(Double::isFinite).count() < 2) {
                continue;
            }
            any = true;
            boolean phase = axis == scan.axes().phase();
            Double hertz = scan.axes().phase() < 0
                    ? null
                    : scan.sidecar().number(phase ? "BandwidthPerPixelPhaseEncode" : "PixelBandwidth");
            double[] x = new double[grid.dim(axis)];
            Arrays.setAll(x, i -> hertz == null ? i : Profiles.hertz(i, x.length, hertz));
            String name = "IJK".substring(axis, axis + 1).toLowerCase(Locale.ROOT);
            String direction = scan.axes().phase() < 0 ? "" : phase ? " (phase encoding)" : " (readout)";
            plots.panel(
                    "air along " + name + direction,
                    hertz == null
                            ? "voxel along " + name
                            : String.format(Locale.ROOT, "offset from the middle, Hz (one voxel is %.4g Hz)", hertz),
                    "intensity",
                    false,
                    List.of(
                            new XyPlots.Curve("mean of the column", x, p.mean(), false),
                            new XyPlots.Curve("sd of the column", x, p.sd(), false)));
        }
        return any
                ? plots.picture(
                        "profiles.svg",
                        "Both curves should be smooth: a narrow peak across readout is RF interference at that frequency, a broad one a ghost.")
                : null;
    }
}
