package org.datman.synthetic;

/** Signal of each tissue under a sequence, in arbitrary intensity units. */
public enum Contrast {
    T1(850, 60, 180, 560, 900, 700, 800),
    T2(420, 50, 1000, 620, 430, 470, 800),
    EPI(240, 30, 1150, 850, 680, 620, 1500),
    /** Diffusion weighting's unweighted volume (fat suppressed). */
    B0(150, 25, 1600, 900, 700, 650, 1000);

    private final double[] signal;

    Contrast(double... signal) {
        this.signal = signal;
    }

    /** Signal of pure {@code tissue}. */
    public double of(Tissue tissue) {
        return signal[tissue.ordinal()];
    }

    double signal(double[] fractions) {
        double sum = 0;
        for (int i = 0; i < signal.length; i++) {
            sum += signal[i] * fractions[i];
        }
        return sum;
    }
}
