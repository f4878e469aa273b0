package org.datman.metrics.bold;

import java.util.Arrays;

/** Slice anomalies by jackknife over slices: how far one slice's mean absolute z is from that of all others (Greve, fBIRN). */
final class Jackknife {

    /** Above this poldrack/fmriqa calls it a spike. */
    static final double LIMIT = 25;

    private Jackknife() {}

    /** [slice][volume] (z - mean of others) / sd of others; NaN where undefined. */
    static double[][] ofSlices(double[][] sliceZ) {
        int slices = sliceZ.length;
        int volumes = slices == 0 ? 0 : sliceZ[0].length;
        double[][] out = new double[slices][volumes];
        for (double[] row : out) {
            Arrays.fill(row, Double.NaN);
        }
        for (int t = 0; t < volumes; t++) {
            double sum = 0;
            double square = 0;
            int n = 0;
            for (double[] row : sliceZ) {
                if (Double.isFinite(row[t])) {
                    sum += row[t];
                    square += row[t] * row[t];
                    n++;
                }
            }
            for (int s = 0; s < slices && n >= 4; s++) {
                double z = sliceZ[s][t];
                double mean = (sum - z) / (n - 1);
                double variance = (square - z * z) / (n - 1) - mean * mean;
                if (Double.isFinite(z) && variance > 0) {
                    out[s][t] = (z - mean) / Math.sqrt(variance);
                }
            }
        }
        return out;
    }

    /** Largest anomaly of each volume; NaN where none is defined. */
    static double[] worst(double[][] anomalies) {
        int volumes = anomalies.length == 0 ? 0 : anomalies[0].length;
        double[] out = new double[volumes];
        Arrays.fill(out, Double.NaN);
        for (double[] row : anomalies) {
            for (int t = 0; t < volumes; t++) {
                out[t] = Double.isNaN(out[t]) ? row[t] : Double.isNaN(row[t]) ? out[t] : Math.max(out[t], row[t]);
            }
        }
        return out;
    }
}
