package org.datman.metrics.phantom;

import org.datman.analysis.timeseries.TimeSeriesFit;

/**
 * How the fluctuation of a region falls with its size (Weisskoff 1996). White noise falls as one over the width; where the curve
 * leaves that line, the scanner's own instability is larger than the noise.
 *
 * @param cv coefficient of variation for squares of width 1, 2 … after a quadratic is removed: root mean square over the disjoint
 *     squares that fit into the region, the first of them about its centre where only one fits
 */
record Weisskoff(double[] cv) {

    /**
     * Measures.
     *
     * @param rows [voxel of the square, row by row][volume]
     * @param width voxels per side
     */
    static Weisskoff of(float[][] rows, int width) {
        double[] cv = new double[width];
        for (int r = 1; r <= width; r++) {
            int tiles = width / r;
            int offset = (width - tiles * r) / 2;
            double square = 0;
            for (int b = 0; b < tiles; b++) {
                for (int a = 0; a < tiles; a++) {
                    TimeSeriesFit course = TimeSeriesFit.of(mean(rows, width, offset + a * r, offset + b * r, r));
                    double one = course.sd() / course.mean();
                    square += one * one;
                }
            }
            cv[r - 1] = Math.sqrt(square / (tiles * tiles));
        }
        return new Weisskoff(cv);
    }

    private static double[] mean(float[][] rows, int width, int x, int y, int r) {
        double[] mean = new double[rows[0].length];
        for (int b = y; b < y + r; b++) {
            for (int a = x; a < x + r; a++) {
                float[] row = rows[b * width + a];
                for (int t = 0; t < mean.length; t++) {
                    mean[t] += row[t];
                }
            }
        }
        for (int t = 0; t < mean.length; t++) {
            mean[t] /= r * r;
        }
        return mean;
    }

    /** Radius of decorrelation: CV of one voxel over CV of the whole region. */
    double radiusOfDecorrelation() {
        return cv[0] / cv[cv.length - 1];
    }
}
