package org.datman.metrics.dwi;

import org.datman.metrics.image.Grid;

/**
 * Brain of a diffusion series from its mean unweighted volume: 0.6 of Otsu's threshold, opened, largest piece, holes filled
 * slice by slice.
 *
 * @param inside true for voxels of the brain
 * @param voxels how many
 * @param quality 1 = all of the mask is bright tissue; below {@link #LOW_QUALITY} the mask holds so much air that slice tests
 *     cannot be trusted
 */
record BrainMask(boolean[] inside, int voxels, double quality) {

    static final double LOW_QUALITY = 0.8;

    private static final int BINS = 1024;

    /** Finds the brain in {@code image}; slices run along file axis {@code sliceAxis}. */
    static BrainMask of(Grid grid, float[] image, int sliceAxis) {
        double otsu = otsu(image);
        boolean[] above = new boolean[image.length];
        for (int i = 0; i < image.length; i++) {
            above[i] = image[i] > 0.6 * otsu;
        }
        boolean[] opened = dilate(grid, erode(grid, above));
        boolean[] piece = largest(grid, opened);
        fillSlices(grid, piece, sliceAxis);
        return judged(piece, image, otsu);
    }

    /** A mask from elsewhere, judged by the same measure. */
    static BrainMask given(float[] image, boolean[] mask) {
        return judged(mask.clone(), image, otsu(image));
    }

    private static BrainMask judged(boolean[] mask, float[] image, double otsu) {
        int n = 0;
        int bright = 0;
        for (int i = 0; i < mask.length; i++) {
            if (mask[i]) {
                n++;
                bright += image[i] > 0.3 * otsu ? 1 : 0;
            }
        }
        // A mask that fills the field of view says nothing about a brain, however bright it is.
        double quality = n == 0 ? 0 : (double) bright / n * (n > 0.95 * mask.length ? 0.5 : 1);
        return new BrainMask(mask, n, quality);
    }

    boolean lowQuality() {
        return quality < LOW_QUALITY;
    }

    /** The mask without its outermost voxels. */
    boolean[] eroded(Grid grid) {
        return erode(grid, inside);
    }

    /** Threshold that best separates two classes of intensity (Otsu 1979), on 1024 bins up to the 99.9th percentile. */
    static double otsu(float[] image) {
        double top = org.datman.metrics.stats.Robust.quantile(image, 0.999);
        if (!(top > 0)) {
            return 0;
        }
        double[] count = new double[BINS];
        for (float x : image) {
            count[(int) Math.max(0, Math.min(BINS - 1, x / top * BINS))]++;
        }
        double total = image.length;
        double sum = 0;
        for (int b = 0; b < BINS; b++) {
            sum += b * count[b];
        }
        double below = 0;
        double sumBelow = 0;
        double best = -1;
        int at = 0;
        for (int b = 0; b < BINS - 1; b++) {
            below += count[b];
            sumBelow += b * count[b];
            if (below == 0 || below == total) {
                continue;
            }
            double difference = sumBelow / below - (sum - sumBelow) / (total - below);
            double between = below * (total - below) * difference * difference;
            if (between > best) {
                best = between;
                at = b;
            }
        }
        return (at + 1) * top / BINS;
    }

    static boolean[] erode(Grid g, boolean[] in) {
        return morph(g, in, false);
    }

    static boolean[] dilate(Grid g, boolean[] in) {
        return morph(g, in, true);
    }

    /** One step with the six face neighbours; outside the grid counts as air. */
    private static boolean[] morph(Grid g, boolean[] in, boolean grow) {
        boolean[] out = new boolean[in.length];
        int[] stride = {1, g.nx(), g.nx() * g.ny()};
        for (int k = 0; k < g.nz(); k++) {
            for (int j = 0; j < g.ny(); j++) {
                for (int i = 0; i < g.nx(); i++) {
                    int at = g.index(i, j, k);
                    int[] p = {i, j, k};
                    boolean any = in[at];
                    boolean all = in[at];
                    for (int a = 0; a < 3; a++) {
                        // The slice direction may be thin: a face of the grid is not a face of the head.
                        boolean low = p[a] > 0 ? in[at - stride[a]] : in[at];
                        boolean high = p[a] < g.dim(a) - 1 ? in[at + stride[a]] : in[at];
                        any |= low | high;
                        all &= low & high;
                    }
                    out[at] = grow ? any : all;
                }
            }
        }
        return out;
    }

    private static boolean[] largest(Grid g, boolean[] in) {
        int[] label = new int[in.length];
        int[] stack = new int[in.length];
        int labels = 0;
        int best = 0;
        int bestSize = 0;
        int[] stride = {1, g.nx(), g.nx() * g.ny()};
        for (int start = 0; start < in.length; start++) {
            if (!in[start] || label[start] != 0) {
                continue;
            }
            labels++;
            int size = 0;
            int top = 0;
            stack[top++] = start;
            label[start] = labels;
            while (top > 0) {
                int at = stack[--top];
                size++;
                int[] p = {at % g.nx(), at / g.nx() % g.ny(), at / (g.nx() * g.ny())};
                for (int a = 0; a < 3; a++) {
                    for (int step = -1; step <= 1; step += 2) {
                        int q = p[a] + step;
                        int to = at + step * stride[a];
                        if (q >= 0 && q < g.dim(a) && in[to] && label[to] == 0) {
                            label[to] = labels;
                            stack[top++] = to;
                        }
                    }
                }
            }
            if (size > bestSize) {
                bestSize = size;
                best = labels;
            }
        }
        boolean[] out = new boolean[in.length];
        for (int i = 0; i < in.length; i++) {
            out[i] = best != 0 && label[i] == best;
        }
        return out;
    }

    private static void fillSlices(Grid g, boolean[] mask, int sliceAxis) {
        int u = sliceAxis == 0 ? 1 : 0;
        int w = sliceAxis == 2 ? 1 : 2;
        int nu = g.dim(u);
        int nw = g.dim(w);
        int[] stack = new int[nu * nw];
        for (int s = 0; s < g.dim(sliceAxis); s++) {
            int base = s * g.stride(sliceAxis);
            boolean[] outside = new boolean[nu * nw];
            int top = 0;
            for (int b = 0; b < nw; b++) {
                for (int a = 0; a < nu; a++) {
                    boolean border = a == 0 || b == 0 || a == nu - 1 || b == nw - 1;
                    if (border && !mask[base + a * g.stride(u) + b * g.stride(w)]) {
                        outside[a + nu * b] = true;
                        stack[top++] = a + nu * b;
                    }
                }
            }
            while (top > 0) {
                int at = stack[--top];
                int a = at % nu;
                int b = at / nu;
                for (int n = 0; n < 4; n++) {
                    int x = a + (n == 0 ? 1 : n == 1 ? -1 : 0);
                    int y = b + (n == 2 ? 1 : n == 3 ? -1 : 0);
                    if (x >= 0
                            && y >= 0
                            && x < nu
                            && y < nw
                            && !outside[x + nu * y]
                            && !mask[base + x * g.stride(u) + y * g.stride(w)]) {
                        outside[x + nu * y] = true;
                        stack[top++] = x + nu * y;
                    }
                }
            }
            for (int b = 0; b < nw; b++) {
                for (int a = 0; a < nu; a++) {
                    if (!outside[a + nu * b]) {
                        mask[base + a * g.stride(u) + b * g.stride(w)] = true;
                    }
                }
            }
        }
    }
}
