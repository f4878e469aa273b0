package org.datman.metrics.other;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.datman.analysis.image.Grid;
import org.datman.analysis.stats.Statistics;
import org.datman.metrics.input.SidecarValues;
import org.datman.metrics.model.Findings;

/**
 * Metrics of an image of angles, a field map's phase or phase difference, without its magnitude: where neighbours agree
 * there is an object, how much they disagree there is noise, and where they jump by a whole turn the phase wrapped.
 */
public final class PhaseImage {

    static final List<String> KEYS =
            List.of("phase_turn", "phase_coherent", "phase_noise_deg", "phase_wraps", "phase_range_used");
    private static final Set<String> TYPES = Set.of("P", "PHASE", "PHASE MAP", "PHASEDIFF");
    /** Stored value of a whole turn: radians, degrees, 12 bits, thousandths of radians, -4096 to 4096. */
    private static final double[] TURNS = {2 * Math.PI, 360, 4096, 2000 * Math.PI, 8192};

    private static final double FULL = 0.97;
    private static final double AGREE = 1.0 / 8;

    private PhaseImage() {}

    /** Whether the scanner calls it a phase image. */
    public static boolean is(SidecarValues sidecar) {
        return sidecar.texts("ImageType").stream().anyMatch(word -> TYPES.contains(word.toUpperCase(Locale.ROOT)));
    }

    static void measure(Grid grid, float[] image, Findings findings) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float v : image) {
            low = Math.min(low, v);
            high = Math.max(high, v);
        }
        double span = (double) high - low;
        if (!(span > 0)) {
            findings.unknown(KEYS, "empty_image");
            return;
        }
        double turn = span;
        for (int n = TURNS.length - 1; n >= 0; n--) {
            turn = span <= TURNS[n] * 1.001 ? TURNS[n] : turn;
        }
        findings.put("phase_turn", turn);
        findings.put("phase_range_used", span / turn);
        if (span < FULL * turn) {
            // A field so even, or masked so far, that no value comes near both ends: wraps cannot be distinguished
            // from the scale.
            findings.unknown(List.of("phase_coherent", "phase_noise_deg", "phase_wraps"), "phase_scale_unknown");
            return;
        }
        neighbours(grid, image, turn, findings);
    }

    private static void neighbours(Grid g, float[] image, double turn, Findings findings) {
        double[] bend = new double[image.length];
        int coherent = 0;
        int tested = 0;
        int wrapped = 0;
        int bends = 0;
        for (int k = 0; k < g.nz(); k++) {
            for (int j = 1; j < g.ny() - 1; j++) {
                for (int i = 1; i < g.nx() - 1; i++) {
                    int v = g.index(i, j, k);
                    tested++;
                    double left = around(image[v] - image[v - 1], turn);
                    double right = around(image[v + 1] - image[v], turn);
                    double front = around(image[v] - image[v - g.nx()], turn);
                    double back = around(image[v + g.nx()] - image[v], turn);
                    double most = Math.max(
                            Math.max(Math.abs(left), Math.abs(right)), Math.max(Math.abs(front), Math.abs(back)));
                    if (most < AGREE * turn) {
                        coherent++;
                        bend[bends++] = around(right - left, turn);
                        boolean jump = Math.abs(image[v + 1] - image[v]) > turn / 2
                                || Math.abs(image[v + g.nx()] - image[v]) > turn / 2;
                        wrapped += jump ? 1 : 0;
                    }
                }
            }
        }
        if (tested == 0 || coherent < 100) {
            findings.unknown(List.of("phase_coherent", "phase_noise_deg", "phase_wraps"), "no_object");
            return;
        }
        findings.put("phase_coherent", (double) coherent / tested);
        findings.put("phase_wraps", (double) wrapped / coherent, "phase_coherent", coherent);
        // A second difference has the variance 1 + 4 + 1 of one voxel's.
        double noise = Statistics.madn(java.util.Arrays.copyOf(bend, bends)) / Math.sqrt(6);
        findings.put("phase_noise_deg", 360 * noise / turn, "phase_coherent", coherent);
    }

    /** Within half a turn of zero. */
    private static double around(double difference, double turn) {
        return difference - turn * Math.rint(difference / turn);
    }
}
