package org.datman.analysis.spike;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.stats.Statistics;
import org.jtransforms.fft.FloatFFT_2D;

/**
 * A single corrupted k-space sample adds a plane wave to the image. The air contains no other periodic signal, so it is searched there: the
 * background of each slice, without its mean, is transformed, and a sample far above the others of its radius and around it is a
 * spike.
 *
 * @param score largest power of a sample over its expectation; exponential with mean 1 under noise; NaN without enough air
 * @param limit score that noise alone exceeds in one of a hundred images
 * @param slice file slice of the largest score
 * @param kx cycles over the field of view along the first in-plane axis, 0 or more
 * @param ky cycles over the field of view along the second in-plane axis
 * @param amplitude of the wave in the air, intensity units
 * @param power mean over slices of the squared magnitude, [ky * nx + kx] wrapped
 * @param slices slices with enough air
 * @param nx samples along the first in-plane axis
 * @param ny samples along the second
 */
public record Herringbone(
        double score,
        double limit,
        int slice,
        int kx,
        int ky,
        double amplitude,
        float[] power,
        int slices,
        int nx,
        int ny) {

    /** A wave of a 3-D acquisition is in every slice, one of a 2-D acquisition rarely has more slices than this. */
    private static final int MOST_SLICES = 64;

    private static final double MIN_RADIUS = 0.10;
    private static final int RINGS = 10;
    private static final int FEWEST_AIR = 200;
    private static final double ALPHA = 0.01;

    private record Peak(double score, int sample, double amplitude) {}

    /** Searches one image. */
    public static Herringbone of(Grid grid, float[] image, Mask air, int sliceAxis) {
        int u = sliceAxis == 0 ? 1 : 0;
        int v = sliceAxis == 2 ? 1 : 2;
        int nx = grid.dim(u);
        int ny = grid.dim(v);
        int n = grid.dim(sliceAxis);
        int shown = Math.min(n, MOST_SLICES);
        int[] slices =
                IntStream.range(0, shown).map(s -> (int) ((long) s * n / shown)).toArray();
        int[][] rings = rings(nx, ny);
        int samples = Arrays.stream(rings).mapToInt(r -> r.length).sum();
        double limit = Math.log((double) Math.max(1, samples) * shown / ALPHA);
        // Two slices go through one complex transform: one as its real part, one as its imaginary part.
        int pairs = (shown + 1) / 2;
        Peak[] peaks = new Peak[shown];
        float[][] sums = new float[pairs][];
        Parallel.forEach(pairs, p -> {
            float[] work = new float[2 * nx * ny];
            int[] counts = new int[2];
            for (int part = 0; part < 2 && 2 * p + part < shown; part++) {
                counts[part] = fill(grid, image, air, sliceAxis, u, v, slices[2 * p + part], work, part);
            }
            if (counts[0] + counts[1] == 0) {
                return;
            }
            new FloatFFT_2D(ny, nx).complexForward(work);
            float[] sum = new float[nx * ny];
            for (int part = 0; part < 2; part++) {
                if (counts[part] > 0) {
                    float[] power = powerOf(work, nx, ny, part);
                    add(power, sum);
                    peaks[2 * p + part] = peak(power, rings, nx, ny, counts[part]);
                }
            }
            sums[p] = sum;
        });
        float[] mean = new float[nx * ny];
        int used = (int) Arrays.stream(peaks).filter(p -> p != null).count();
        for (float[] sum : sums) {
            for (int i = 0; sum != null && i < mean.length; i++) {
                mean[i] += sum[i] / used;
            }
        }
        int best = -1;
        for (int s = 0; s < shown; s++) {
            best = peaks[s] != null && (best < 0 || peaks[s].score > peaks[best].score) ? s : best;
        }
        if (best < 0 || samples == 0) {
            return new Herringbone(Double.NaN, limit, -1, 0, 0, Double.NaN, mean, used, nx, ny);
        }
        int ky = peaks[best].sample / nx;
        return new Herringbone(
                peaks[best].score,
                limit,
                slices[best],
                peaks[best].sample % nx,
                ky <= ny / 2 ? ky : ky - ny,
                peaks[best].amplitude,
                mean,
                used,
                nx,
                ny);
    }

    private static void add(float[] values, float[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += values[i];
        }
    }

    /** Writes one slice's air, less its mean, into the real (0) or imaginary (1) part; returns the number of voxels, 0 when too few. */
    private static int fill(
            Grid grid, float[] image, Mask air, int sliceAxis, int u, int v, int slice, float[] work, int part) {
        int nx = grid.dim(u);
        int ny = grid.dim(v);
        int base = slice * grid.stride(sliceAxis);
        double sum = 0;
        int count = 0;
        for (int b = 0; b < ny; b++) {
            for (int a = 0; a < nx; a++) {
                int at = base + a * grid.stride(u) + b * grid.stride(v);
                if (air.in()[at]) {
                    sum += image[at];
                    count++;
                }
            }
        }
        if (count < FEWEST_AIR) {
            return 0;
        }
        float mean = (float) (sum / count);
        for (int b = 0; b < ny; b++) {
            for (int a = 0; a < nx; a++) {
                int at = base + a * grid.stride(u) + b * grid.stride(v);
                if (air.in()[at]) {
                    work[2 * (b * nx + a) + part] = image[at] - mean;
                }
            }
        }
        return count;
    }

    private static float[] powerOf(float[] work, int nx, int ny, int part) {
        float[] power = new float[nx * ny];
        float sign = part == 0 ? 1 : -1;
        for (int y = 0; y < ny; y++) {
            int my = (ny - y) % ny * nx;
            for (int x = 0; x < nx; x++) {
                int i = 2 * (y * nx + x);
                int m = 2 * (my + (nx - x) % nx);
                float re = work[i] + sign * work[m];
                float im = work[i + 1] - sign * work[m + 1];
                power[y * nx + x] = (re * re + im * im) / 4;
            }
        }
        return power;
    }

    private static Peak peak(float[] power, int[][] rings, int nx, int ny, int count) {
        Peak best = new Peak(0, 0, 0);
        float[] values =
                new float[Arrays.stream(rings).mapToInt(r -> r.length).max().orElse(0)];
        for (int[] ring : rings) {
            for (int i = 0; i < ring.length; i++) {
                values[i] = power[ring[i]];
            }
            double mean = Statistics.medianInPlace(values, ring.length) / Math.log(2);
            for (int sample : ring) {
                double score = mean > 0 ? power[sample] / mean : 0;
                if (score > best.score) {
                    score = Math.min(score, power[sample] / around(power, sample, nx, ny));
                }
                if (score > best.score) {
                    best = new Peak(score, sample, 2 * Math.sqrt(power[sample]) / count);
                }
            }
        }
        return best;
    }

    /** Mean power of the neighbourhood from its median, direct neighbours left out: the shape of the air widens a spike by one. */
    private static double around(float[] power, int sample, int nx, int ny) {
        float[] values = new float[72];
        int n = 0;
        for (int dy = -4; dy <= 4; dy++) {
            for (int dx = -4; dx <= 4; dx++) {
                if (Math.abs(dx) > 1 || Math.abs(dy) > 1) {
                    values[n++] = power[Math.floorMod(sample / nx + dy, ny) * nx + Math.floorMod(sample % nx + dx, nx)];
                }
            }
        }
        return Math.max(1e-30, Statistics.medianInPlace(values, n) / Math.log(2));
    }

    private static int[][] rings(int nx, int ny) {
        long[] found = IntStream.range(0, ny)
                .boxed()
                .flatMap(y -> IntStream.rangeClosed(0, nx / 2).boxed().map(x -> {
                    int ky = y <= ny / 2 ? y : y - ny;
                    boolean mirrored = (x == 0 || 2 * x == nx) && ky < 0;
                    double radius = Math.hypot((double) x / nx, (double) ky / ny);
                    return mirrored || radius <= MIN_RADIUS
                            ? -1L
                            : (Math.round(radius * 1e6) << 32) + (long) y * nx + x;
                }))
                .mapToLong(Long::longValue)
                .filter(l -> l >= 0)
                .sorted()
                .toArray();
        int rings = found.length < 200 ? 1 : RINGS;
        int[][] out = new int[rings][];
        for (int r = 0; r < rings; r++) {
            int from = (int) ((long) r * found.length / rings);
            int to = (int) ((long) (r + 1) * found.length / rings);
            out[r] = Arrays.stream(found, from, to).mapToInt(l -> (int) l).toArray();
        }
        return out;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Herringbone h
                && Double.compare(score, h.score) == 0
                && slice == h.slice
                && kx == h.kx
                && ky == h.ky
                && Arrays.equals(power, h.power);
    }

    @Override
    public int hashCode() {
        return 31 * Double.hashCode(score) + Arrays.hashCode(power);
    }
}
