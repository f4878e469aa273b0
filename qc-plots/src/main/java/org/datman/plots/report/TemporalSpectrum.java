package org.datman.plots.report;

import java.util.Objects;

/**
 * Power spectral density over time of the voxels of a mask, after a line is removed from each: mean and spread over voxels by frequency.
 *
 * @param hz from 0 to the Nyquist frequency
 * @param mean over voxels, intensity² per Hz, one-sided: white noise of variance v has 2 v TR
 * @param sd over voxels, of the population
 */
public record TemporalSpectrum(double[] hz, double[] mean, double[] sd) {

    public TemporalSpectrum {
        Objects.requireNonNull(hz, "hz");
        if (mean.length != hz.length || sd.length != hz.length) {
            throw new IllegalArgumentException("a spectrum of " + hz.length + " frequencies has " + mean.length
                    + " means and " + sd.length + " sd");
        }
    }
}
