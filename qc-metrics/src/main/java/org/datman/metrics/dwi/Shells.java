package org.datman.metrics.dwi;

import java.util.Arrays;
import java.util.TreeMap;

/**
 * Which volumes were weighted alike. b-values below 50 s/mm² are unweighted (GE, Philips and UIH store 1 to 15 there); others are grouped
 * by their distance: scanners report a nominal b-value with the imaging gradients or by direction, so that one shell scatters.
 *
 * @param b b-value of the shell per volume, 0 for unweighted
 * @param values the distinct b-values, rising, 0 first where there are unweighted volumes
 */
public record Shells(int[] b, int[] values) {

    /** Below this a volume counts as unweighted, s/mm². */
    public static final double B0_LIMIT = 50;

    /** b-values of one shell follow each other closer than this, s/mm² and as a fraction. */
    private static final double GAP = 30;

    private static final double GAP_SHARE = 0.03;
    /** From the lowest to the highest of one shell, s/mm² and as a fraction: a ramp of b-values is not one shell. */
    private static final double WIDTH = 100;

    private static final double WIDTH_SHARE = 0.1;
    /** Shell names are multiples of this when that is the nominal value within the scatter. */
    private static final int ROUND = 50;

    private static final double ROUND_SHARE = 0.015;

    /** Groups the b-values of all volumes. A b-value that is not a number counts as unweighted; the table checks report it. */
    public static Shells of(double[] bvals) {
        double[] rising =
                Arrays.stream(bvals).filter(b -> b >= B0_LIMIT).sorted().toArray();
        TreeMap<Double, Integer> names = new TreeMap<>();
        int from = 0;
        for (int n = 1; n <= rising.length; n++) {
            boolean ends = n == rising.length
                    || rising[n] - rising[n - 1] > Math.max(GAP, GAP_SHARE * rising[n])
                    || rising[n] - rising[from] > Math.max(WIDTH, WIDTH_SHARE * rising[from]);
            if (ends) {
                int name = name(Arrays.copyOfRange(rising, from, n));
                // Neighbours have names of their own, however close.
                names.put(rising[from], names.containsValue(name) ? (int) Math.round(rising[from]) : name);
                from = n;
            }
        }
        int[] b = new int[bvals.length];
        for (int v = 0; v < b.length; v++) {
            b[v] = bvals[v] >= B0_LIMIT ? names.floorEntry(bvals[v]).getValue() : 0;
        }
        return new Shells(b, Arrays.stream(b).distinct().sorted().toArray());
    }

    /** The nominal b-value of a shell: of one that scatters the round number near its middle, else the middle. */
    private static int name(double[] rising) {
        if (rising[0] == rising[rising.length - 1]) {
            return (int) Math.round(rising[0]);
        }
        double middle = (rising[(rising.length - 1) / 2] + rising[rising.length / 2]) / 2;
        int round = (int) Math.round(middle / ROUND) * ROUND;
        return Math.abs(round - middle) <= ROUND_SHARE * middle ? round : (int) Math.round(middle);
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
