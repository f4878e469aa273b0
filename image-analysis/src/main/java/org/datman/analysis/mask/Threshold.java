package org.datman.analysis.mask;

/** Intensity thresholds between object and background. */
public final class Threshold {

    private static final int CLIP_BINS = 10000;
    private static final int OTSU_BINS = 256;

    private Threshold() {}

    /**
     * Clip level as AFNI's 3dClipLevel defines it: half the median of the voxels above itself, found by iteration from a cut
     * that keeps about 65 % of the positive voxels. 0 when fewer than 223 voxels are positive.
     */
    public static double clipLevel(float[] image, double fraction) {
        double max = 0;
        for (float v : image) {
            max = Math.max(max, Math.abs(v));
        }
        if (max == 0) {
            return 0;
        }
        double scale = CLIP_BINS / max;
        int[] histogram = new int[CLIP_BINS + 1];
        double square = 0;
        int positive = 0;
        for (float v : image) {
            int bin = (int) Math.rint(v * scale);
            if (bin > 0) {
                histogram[bin]++;
                square += (double) bin * bin;
                positive++;
            }
        }
        if (positive <= 222) {
            return 0;
        }
        int floor = (int) Math.rint(0.5 * Math.sqrt(square / positive));
        int wanted = (int) (0.65 * positive);
        int cut = CLIP_BINS - 1;
        for (int seen = 0; cut >= floor && seen < wanted; cut--) {
            seen += histogram[cut];
        }
        for (int round = 0; round < 66; round++) {
            int above = 0;
            for (int b = cut; b < CLIP_BINS; b++) {
                above += histogram[b];
            }
            int half = above / 2;
            int b = cut;
            for (int seen = 0; b < CLIP_BINS && seen < half; b++) {
                seen += histogram[b];
            }
            int next = (int) (fraction * b);
            if (next == cut) {
                break;
            }
            cut = next;
        }
        return cut / scale;
    }

    /** Otsu's threshold on 256 bins between minimum and maximum. */
    public static double otsu(float[] image) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (float v : image) {
            min = Math.min(min, v);
            max = Math.max(max, v);
        }
        if (!(max > min)) {
            return min;
        }
        double scale = OTSU_BINS / ((double) max - min);
        long[] histogram = new long[OTSU_BINS];
        for (float v : image) {
            histogram[Math.min(OTSU_BINS - 1, (int) ((v - min) * scale))]++;
        }
        double total = image.length;
        double sum = 0;
        for (int b = 0; b < OTSU_BINS; b++) {
            sum += b * (double) histogram[b];
        }
        double below = 0;
        double sumBelow = 0;
        double best = -1;
        int cut = 0;
        for (int b = 0; b < OTSU_BINS - 1; b++) {
            below += histogram[b];
            sumBelow += b * (double) histogram[b];
            double above = total - below;
            if (below == 0 || above == 0) {
                continue;
            }
            double gap = sumBelow / below - (sum - sumBelow) / above;
            double between = below * above * gap * gap;
            if (between > best) {
                best = between;
                cut = b;
            }
        }
        return min + (cut + 1) / scale;
    }
}
