package org.datman.metrics.dwi;

import java.util.List;
import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Morphology;
import org.datman.analysis.mask.Morphology.Neighbours;
import org.datman.metrics.common.Background;
import org.datman.metrics.model.Findings;
import org.jspecify.annotations.Nullable;

/**
 * SNR of the callosum (as DIPY and MRIQC choose it: by colour FA in the middle of the brain), over real noise rather than the spread of
 * the callosum's own anatomy. Along its fibres the signal is lowest, across them highest.
 */
final class CallosumSnr {

    static final List<String> KEYS = List.of("snr_cc_b0", "snr_cc_worst", "snr_cc_best");
    private static final int FEWEST = 20;
    private static final double WHITE_FA = 0.35;
    private static final double[] ALONG = {0.4, 1.1};
    private static final double[] ACROSS = {0.008, 0.25};
    /** Inner share of the brain's extent along each axis that contains the callosum. */
    private static final double INNER = 0.6;

    private CallosumSnr() {}

    /**
     * Adds SNR without weighting, and in the lowest shell for the directions closest to patient R (worst) and to A and S (best, mean of
     * both).
     *
     * @param tensor null when none could be fitted; the reason is then at {@code md_median}
     */
    static void measure(
            MaskedData data, GradientTable table, Shells shells, @Nullable TensorFit tensor, Findings findings) {
        if (tensor == null) {
            findings.unknown(KEYS, findings.reason("md_median", "tensor_failed"));
            return;
        }
        if (DwiFindings.realValued(findings)) {
            findings.unknown(KEYS, Background.REAL_VALUED);
            return;
        }
        Double sigma = findings.value("sigma_mppca");
        if (sigma == null) {
            sigma = findings.value("sigma_piesno");
        }
        Mask callosum = mask(data, tensor);
        int[] weighted = shells.weighted();
        if (sigma == null || callosum == null || weighted.length == 0) {
            findings.unknown(
                    KEYS,
                    sigma == null ? "sigma_unknown" : callosum == null ? "no_callosum_found" : "no_weighted_volume");
            return;
        }
        int[] at = positions(data, callosum);
        int[] plain = shells.volumes(0);
        if (plain.length == 0) {
            findings.unknown("snr_cc_b0", "no_b0");
        } else {
            put(findings, "snr_cc_b0", mean(data.mean(plain), at) / sigma, callosum);
        }
        int[] lowest = shells.volumes(shells.b()[weighted[0]]);
        for (int v : weighted) {
            lowest = shells.b()[v] < shells.b()[lowest[0]] ? shells.volumes(shells.b()[v]) : lowest;
        }
        double[] level = new double[3];
        for (int patient = 0; patient < 3; patient++) {
            int axis = data.grid().axes().fileAxis(patient);
            int closest = lowest[0];
            for (int v : lowest) {
                // A direction and its opposite measure the same.
                if (Math.abs(table.bvecs()[v][axis]) > Math.abs(table.bvecs()[closest][axis])) {
                    closest = v;
                }
            }
            level[patient] = mean(data.values()[closest], at);
        }
        put(findings, "snr_cc_worst", level[0] / sigma, callosum);
        put(findings, "snr_cc_best", (level[1] + level[2]) / 2 / sigma, callosum);
    }

    private static void put(Findings findings, String key, double value, Mask callosum) {
        findings.put(key, value, callosum);
    }

    /** The largest connected set of left-right fibres in the middle of the brain; null when it is too small. */
    private static @Nullable Mask mask(MaskedData data, TensorFit tensor) {
        Grid g = data.grid();
        int[] first = {g.nx(), g.ny(), g.nz()};
        int[] last = new int[3];
        for (int voxel : data.voxel()) {
            for (int axis = 0; axis < 3; axis++) {
                int p = MaskedData.slice(g, voxel, axis);
                first[axis] = Math.min(first[axis], p);
                last[axis] = Math.max(last[axis], p);
            }
        }
        boolean[] in = new boolean[g.size()];
        for (int n = 0; n < data.voxels(); n++) {
            boolean inner = true;
            for (int axis = 0; axis < 3; axis++) {
                double middle = (first[axis] + last[axis]) / 2.0;
                double reach = INNER * (last[axis] - first[axis]) / 2.0;
                inner &= Math.abs(MaskedData.slice(g, data.voxel()[n], axis) - middle) <= reach;
            }
            in[data.voxel()[n]] = inner && leftRight(g, tensor, n);
        }
        Mask largest = Morphology.largest(new Mask(g, in, "callosum"), Neighbours.FACES_6);
        return largest.count() < FEWEST ? null : largest.named("callosum");
    }

    private static boolean leftRight(Grid g, TensorFit tensor, int n) {
        double fa = tensor.fa()[n];
        boolean white = fa > WHITE_FA;
        for (int patient = 0; patient < 3; patient++) {
            double colour = fa * Math.abs(tensor.direction()[3 * n + g.axes().fileAxis(patient)]);
            double[] range = patient == 0 ? ALONG : ACROSS;
            white &= colour >= range[0] && colour <= range[1];
        }
        return white;
    }

    private static int[] positions(MaskedData data, Mask mask) {
        return java.util.stream.IntStream.range(0, data.voxels())
                .filter(n -> mask.in()[data.voxel()[n]])
                .toArray();
    }

    private static double mean(float[] values, int[] at) {
        double sum = 0;
        for (int n : at) {
            sum += values[n];
        }
        return sum / at.length;
    }
}
