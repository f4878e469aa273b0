package org.datman.metrics.dwi;

import java.util.Arrays;

/**
 * Which volumes were weighted alike. b-values below 50 s/mm² are unweighted (GE and Philips store 5 to 15 there); others are
 * grouped by their value rounded to 100.
 *
 * @param b rounded b-value per volume, 0 for unweighted
 * @param values the distinct b-values, rising, 0 first where there are unweighted volumes
 */
public record Shells(int[] b, int[] values) {

    /** Below this a volume counts as unweighted, s/mm². */
    public static final double B0_LIMIT = 50;

    /** Groups the b-values of all volumes. A b-value that is not a number is taken as unweighted; the table checks report it. */
    public static Shells of(double[] bvals) {
        int[] b = new int[bvals.length];
        for (int v = 0; v < b.length; v++) {
            b[v] = bvals[v] >= B0_LIMIT ? Math.max(100, (int) Math.round(bvals[v] / 100) * 100) : 0;
        }
        return new Shells(b, Arrays.stream(b).distinct().sorted().toArray());
    }

    /** Volumes of one shell in file order. */
    public int[] volumes(int shell) {
        int[] all = new int[b.length];
        int n = 0;
        for (int v = 0; v < b.length; v++) {
            if (b[v] == shell) {
                all[n++] = v;
            }
        }
        return Arrays.copyOf(all, n);
    }

    /** Weighted volumes in file order. */
    public int[] weighted() {
        int[] all = new int[b.length];
        int n = 0;
        for (int v = 0; v < b.length; v++) {
            if (b[v] > 0) {
                all[n++] = v;
            }
        }
        return Arrays.copyOf(all, n);
    }
}
