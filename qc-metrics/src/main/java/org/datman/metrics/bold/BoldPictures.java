package org.datman.metrics.bold;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.datman.metrics.image.Volume;
import org.datman.metrics.input.Scan;
import org.datman.metrics.model.Findings;
import org.datman.metrics.model.TimeCourse;
import org.datman.metrics.picture.HeatMap;
import org.datman.metrics.picture.Mosaic;
import org.datman.metrics.picture.Picture;
import org.datman.metrics.picture.Traces;
import org.datman.metrics.stats.Robust;

/** Pictures of a functional run: slices, background, traces over time, slice x volume map. */
final class BoldPictures {

    private BoldPictures() {}

    static List<Picture> of(Scan scan, Temporal temporal, Volume reference, double[] fd, Findings findings) {
        List<Picture> pictures = new ArrayList<>();
        pictures.add(Mosaic.structure(scan, new Volume(scan.grid(), temporal.meanImage)));
        pictures.add(Mosaic.background(scan, reference));
        pictures.add(traces(scan, temporal, fd, findings));
        pictures.add(slices(temporal, findings));
        return pictures;
    }

    private static Picture traces(Scan scan, Temporal temporal, double[] fd, Findings findings) {
        Traces traces = new Traces(scan.request().series() + ": motion and signal over time");
        if (fd != null) {
            traces.panel("framewise displacement, mm", new String[0], new double[][] {fd}, 0.2, 0.5);
            TimeCourse motion = findings.courses().get("motion");
            traces.panel("translation, mm", new String[] {"R", "A", "S"}, columns(motion, 0, 1));
            traces.panel("rotation, degrees", new String[] {"R", "A", "S"}, columns(motion, 3, 180 / Math.PI));
        }
        traces.panel("DVARS (standardised)", new String[0], new double[][] {temporal.dvarsStd}, 1);
        traces.panel("outlier fraction", new String[0], new double[][] {temporal.aor});
        traces.panel("mean signal", new String[0], new double[][] {temporal.global});
        return traces.picture(
                "traces.svg",
                "Jumps of displacement and DVARS at the same volume are motion; DVARS alone is a spike; slopes of the mean are drift.");
    }

    private static double[][] columns(TimeCourse motion, int from, double scale) {
        double[][] out = new double[3][motion.rows().length];
        for (int t = 0; t < motion.rows().length; t++) {
            for (int c = 0; c < 3; c++) {
                out[c][t] = scale * motion.rows()[t][from + c];
            }
        }
        return out;
    }

    /** Log slice means against their own median, in per cent. */
    private static Picture slices(Temporal temporal, Findings findings) {
        double[][] percent = new double[temporal.sliceMean.length][];
        for (int s = 0; s < percent.length; s++) {
            double[] row = temporal.sliceMean[s];
            double centre =
                    Robust.median(Arrays.stream(row).filter(Double::isFinite).toArray());
            percent[s] = Arrays.stream(row).map(v -> 100 * (v / centre - 1)).toArray();
        }
        int[][] marks = findings.flags().stream()
                .filter(f -> "slice-spike".equals(f.kind()))
                .map(f -> new int[] {f.slice(), f.volume()})
                .toArray(int[][]::new);
        return HeatMap.of(
                "slices.png",
                "Slice brightness by volume",
                "Single coloured cells are slice spikes or dropouts, whole columns are motion or gain, rows fading are drift.",
                percent,
                10,
                "%",
                marks);
    }
}
