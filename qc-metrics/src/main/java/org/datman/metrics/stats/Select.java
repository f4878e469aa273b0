package org.datman.metrics.stats;

/** Selection of an order statistic in linear time, in place (Hoare's quickselect, median of three pivots). */
final class Select {

    private Select() {}

    /** The k-th smallest of the first n values; smaller ones end up before index k, larger ones after it. */
    static double nth(double[] x, int n, int k) {
        int low = 0;
        int high = n - 1;
        while (high > low) {
            double pivot = pivot(x[low], x[(low + high) >>> 1], x[high]);
            int i = low;
            int j = high;
            while (i <= j) {
                while (x[i] < pivot) {
                    i++;
                }
                while (x[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    double swap = x[i];
                    x[i++] = x[j];
                    x[j--] = swap;
                }
            }
            if (k <= j) {
                high = j;
            } else if (k >= i) {
                low = i;
            } else {
                break;
            }
        }
        return x[k];
    }

    /** The k-th smallest of the first n values; smaller ones end up before index k, larger ones after it. */
    static float nth(float[] x, int n, int k) {
        int low = 0;
        int high = n - 1;
        while (high > low) {
            float pivot = (float) pivot(x[low], x[(low + high) >>> 1], x[high]);
            int i = low;
            int j = high;
            while (i <= j) {
                while (x[i] < pivot) {
                    i++;
                }
                while (x[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    float swap = x[i];
                    x[i++] = x[j];
                    x[j--] = swap;
                }
            }
            if (k <= j) {
                high = j;
            } else if (k >= i) {
                low = i;
            } else {
                break;
            }
        }
        return x[k];
    }

    private static double pivot(double a, double b, double c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }
}
