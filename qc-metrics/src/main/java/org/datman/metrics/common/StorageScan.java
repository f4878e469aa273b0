package org.datman.metrics.common;

import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Parallel;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.model.Findings;

/** Counts over every voxel of every volume: non-finite, clipped, zero. */
public final class StorageScan {

    private static final int SHARED_BY = 3;

    private StorageScan() {}

    /** Adds nonfinite_ppm, clip_count and zero_fraction. */
    public static void measure(ScanData scan, Findings findings) {
        Grid grid = scan.grid();
        int plane = grid.nx() * grid.ny();
        long[] zeros = new long[grid.nz()];
        float[] max = new float[grid.nz()];
        long[] atMax = new long[grid.nz()];
        Parallel.forEach(grid.nz(), k -> {
            float[] values = new float[plane];
            boolean[] everZero = new boolean[plane];
            java.util.Arrays.fill(everZero, true);
            max[k] = Float.NEGATIVE_INFINITY;
            for (int t = 0; t < scan.volumes(); t++) {
                scan.series().read(t, k * plane, plane, values, 0);
                for (int v = 0; v < plane; v++) {
                    everZero[v] &= values[v] == 0;
                    if (values[v] > max[k]) {
                        max[k] = values[v];
                        atMax[k] = 1;
                    } else if (values[v] == max[k]) {
                        atMax[k]++;
                    }
                }
            }
            for (boolean z : everZero) {
                zeros[k] += z ? 1 : 0;
            }
        });
        float top = Float.NEGATIVE_INFINITY;
        long zero = 0;
        for (int k = 0; k < grid.nz(); k++) {
            top = Math.max(top, max[k]);
            zero += zeros[k];
        }
        long clipped = 0;
        for (int k = 0; k < grid.nz(); k++) {
            clipped += max[k] == top ? atMax[k] : 0;
        }
        double total = (double) grid.size() * scan.volumes();
        findings.put("nonfinite_ppm", 1e6 * scan.series().nonFinite() / total);
        findings.put("clip_count", atCeiling(scan.storage(), top) && clipped >= SHARED_BY ? clipped : 0);
        findings.put("zero_fraction", (double) zero / grid.size());
    }

    /** Whether the brightest value is the most the storage (or a 12-bit receiver) can hold. */
    private static boolean atCeiling(ScanData.Storage storage, float top) {
        double raw = Math.rint((top - storage.intercept()) / storage.slope());
        return raw == 4095 || raw == 32767 || raw == 65535 || (storage.integral() && raw == storage.max());
    }
}
