package org.datman.analysis.noise;

import java.util.Arrays;
import org.datman.analysis.stats.Statistics;

/**
 * A plane of spatial power by distance from zero frequency: flat for white noise, falling where the image was smoothed or filled with
 * zeros; a largest sample far above the mean of its ring is a wave.
 *
 * @param perMm middle of each ring, cycles per mm
 * @param mean power of each ring over the median of all rings; NaN for rings without samples
 * @param largest sample of each ring, on the same scale
 */
public record RadialProfile(double[] perMm, double[] mean, double[] largest) {

    private static final int FEWEST = 4;

    /**
     * Rings as wide as the coarser of the two samplings.
     *
     * @param power [ky * nx + kx], zero frequency first
     * @param dx voxel size along the first axis, mm
     * @param dy voxel size along the second axis, mm
     */
    public static RadialProfile of(float[] power, int nx, int ny, double dx, double dy) {
        double width = Math.max(1 / (nx * dx), 1 / (ny * dy));
        // Corners beyond the smaller Nyquist frequency belong to one direction only.
        int rings = (int) Math.floor(Math.min(0.5 / dx, 0.5 / dy) / width);
        double[] sum = new double[rings];
        double[] most = new double[rings];
        int[] count = new int[rings];
        for (int y = 0; y < ny; y++) {
            double ky = (y <= ny / 2 ? y : y - ny) / (ny * dy);
            for (int x = 0; x < nx; x++) {
                double kx = (x <= nx / 2 ? x : x - nx) / (nx * dx);
                int ring = (int) (Math.hypot(kx, ky) / width);
                if (ring < rings && x + y > 0) {
                    float p = power[y * nx + x];
                    sum[ring] += p;
                    most[ring] = Math.max(most[ring], p);
                    count[ring]++;
                }
            }
        }
        double[] perMm = new double[rings];
        double[] mean = new double[rings];
        for (int r = 0; r < rings; r++) {
            perMm[r] = (r + 0.5) * width;
            mean[r] = count[r] < FEWEST ? Double.NaN : sum[r] / count[r];
        }
        double unit = Statistics.median(
                Arrays.stream(mean).filter(m -> Double.isFinite(m) && m > 0).toArray());
        for (int r = 0; r < rings; r++) {
            mean[r] /= unit;
            most[r] = count[r] < FEWEST ? Double.NaN : most[r] / unit;
        }
        return new RadialProfile(perMm, mean, most);
    }
}
