package org.datman.analysis.stats;

/** Selection of an order statistic in linear time, in place (Hoare's quickselect, median of three pivots). */
final class Select {

    /** So few are sorted by insertion, which is quicker than to divide them further: a short run's voxels are hardly more. */
    private static final int FEW = 12;

    private Select() {}

    /** The k-th smallest of the first n values; smaller ones end up before index k, larger ones after it. */
    static double nth(double[] x, int n, int k) {
        int low = 0;
        int high = n - 1;
        while (high - low >= FEW) {
            double pivot = middle(x[low], x[(low + high) >>> 1], x[high]);
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
                return x[k];
            }
        }
        sort(x, low, high);
        return x[k];
    }

    private static void sort(double[] x, int low, int high) {
        for (int i = low + 1; i <= high; i++) {
            double value = x[i];
            int j = i - 1;
            while (j >= low && x[j] > value) {
                x[j + 1] = x[j];
                j--;
            }
            x[j + 1] = value;
        }
    }

    /** Comparisons only: the library's minimum handles zeros of both signs and NaN. */
    private static double middle(double a, double b, double c) {
        if (a < b) {
            return b < c ? b : a < c ? c : a;
        }
        return a < c ? a : b < c ? c : b;
    }

    /** The k-th smallest of the first n values; smaller ones end up before index k, larger ones after it. */
    static float nth(float[] x, int n, int k) {
        int low = 0;
        int high = n - 1;
        while (high - low >= FEW) {
            float pivot = middle(x[low], x[(low + high) >>> 1], x[high]);
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
                return x[k];
            }
        }
        sort(x, low, high);
        return x[k];
    }

    private static void sort(float[] x, int low, int high) {
        for (int i = low + 1; i <= high; i++) {
            float value = x[i];
            int j = i - 1;
            while (j >= low && x[j] > value) {
                x[j + 1] = x[j];
                j--;
            }
            x[j + 1] = value;
        }
    }

    /** Comparisons only: the library's minimum handles zeros of both signs and NaN. */
    private static float middle(float a, float b, float c) {
        if (a < b) {
            return b < c ? b : a < c ? c : a;
        }
        return a < c ? a : b < c ? c : b;
    }
}
