package org.datman.metrics.spike;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.datman.metrics.image.Grid;
import org.datman.metrics.image.Parallel;
import org.datman.metrics.image.Series;
import org.datman.metrics.stats.Robust;
import org.jtransforms.fft.FloatFFT_2D;

/**
 * Finds single corrupted k-space samples in a 4-D series. What a slice differs from the same slice in two other volumes is transformed; at
 * radial frequencies above 0.10 cycles per voxel a sample far beyond the others of its radius, beyond its surroundings in this volume and
 * beyond what its place in k-space is like over the whole run is a spike. Noise of parallel imaging is not the same everywhere in k-space:
 * the last of the three keeps its bright lines and regions from being taken for spikes.
 *
 * @param spikes sorted by volume, then slice
 * @param tested slice-volumes that were looked at
 * @param repeating spikes whose (kx, ky) occurs in more than one slice-volume: interference at a fixed frequency rather than sparks
 * @param scores what all samples looked like, or null when nothing was tested
 */
public record KSpaceSpikes(List<Spike> spikes, int tested, int repeating, Scores scores) {

    /** One event in so many slices is the lowest limit that a rate has, 0.5 per 1000. */
    private static final int SLICES_FOR_A_RATE = 2000;

    /** Slices of single volumes that hold spikes; several samples of one slice are one event. */
    public int slicesHit() {
        return (int) spikes.stream()
                .map(s -> List.of(s.volume(), s.slice()))
                .distinct()
                .count();
    }

    /**
     * Slices with spikes per 1000 slices tested. Empty in a run so short that a single event exceeds the limit of a rate, unless there is
     * none: such a run is judged by how strong its events are.
     */
    public OptionalDouble perThousand() {
        int hit = slicesHit();
        return tested == 0 || hit > 0 && tested < SLICES_FOR_A_RATE
                ? OptionalDouble.empty()
                : OptionalDouble.of(1000.0 * hit / tested);
    }

    /**
     * Scores of all that was tested, for pictures.
     *
     * @param nx samples along i; {@code peak} has only kx from 0 to nx / 2, the rest says the same
     * @param ny samples along j
     * @param peak largest score of a sample (kx + nx * ky, wrapped) in any slice of any volume; 0 where none was looked at
     * @param worst [slice][volume] largest score in that slice; NaN where none was looked at
     * @param limit score above which a sample is a spike
     */
    public record Scores(int nx, int ny, float[] peak, double[][] worst, double limit) {}

    /**
     * A spike.
     *
     * @param volume 0-based volume
     * @param slice 0-based slice (file axis k)
     * @param kx cycles over the field of view along i; with ky it is known up to a common sign
     * @param ky cycles over the field of view along j
     * @param imageAmplitude amplitude of the stripes, intensity units
     * @param score squared magnitude over its expectation, the largest of the three; under noise it is exponential with mean 1
     */
    public record Spike(int volume, int slice, int kx, int ky, double imageAmplitude, double score) {}

    /** Two directions differ by anatomy too, whose edges have tails that noise has not: one of 1560 clean slices passed at 1. */
    private static final double AMONG_ANATOMY = 1.5;

    private static final double MIN_RADIUS = 0.10;
    private static final int BINS = 10;
    private static final int MIN_PER_BIN = 200;
    private static final double ALPHA = 0.01;
    /** How far above its place in the neighbouring slices a spike is, where only noise differs between volumes. */
    private static final double ALONE = 4;

    /** The same where anatomy differs too. */
    private static final double ALONE_IN_ANATOMY = 8;

    /** Each volume against its two neighbours in time: for BOLD. */
    public static KSpaceSpikes of(Series series) {
        int n = series.volumes();
        int[][] others = new int[n][];
        for (int t = 0; t < n; t++) {
            others[t] = t == 0 ? new int[] {1, 2} : t == n - 1 ? new int[] {n - 2, n - 3} : new int[] {t - 1, t + 1};
        }
        return of(series, others);
    }

    /**
     * @param others per volume two volumes of equal contrast that it is compared with, or null to leave it out
     */
    public static KSpaceSpikes of(Series series, int[][] others) {
        return of(series, others, false);
    }

    /**
     * Volumes that are compared with others of their own choice, for diffusion: what differs between two directions is anatomy, which
     * goes on in the next slice; a spike does not.
     *
     * @param others per volume two volumes of like contrast that it is compared with, or null to leave it out
     */
    public static KSpaceSpikes ofLike(Series series, int[][] others) {
        return of(series, others, true);
    }

    private static KSpaceSpikes of(Series series, int[][] others, boolean amongAnatomy) {
        Grid grid = series.grid();
        if (series.volumes() < 3 || grid.nx() < 8 || grid.ny() < 8) {
            return new KSpaceSpikes(List.of(), 0, 0, null);
        }
        Plane plane = Plane.of(grid.nx(), grid.ny());
        int volumes = (int) Arrays.stream(others).filter(o -> o != null).count();
        int tested = volumes * grid.nz();
        double limit = (amongAnatomy ? AMONG_ANATOMY : 1) * Math.log((double) plane.samples() * tested / ALPHA);
        List<List<Spike>> bySlice = new ArrayList<>();
        for (int z = 0; z < grid.nz(); z++) {
            bySlice.add(null);
        }
        float[][] peaks = new float[grid.nz()][grid.nx() * grid.ny()];
        double[][] worst = new double[grid.nz()][series.volumes()];
        Parallel.forEach(
                grid.nz(),
                z -> bySlice.set(z, slice(series, z, others, plane, limit, amongAnatomy, peaks[z], worst[z])));
        List<Spike> all = new ArrayList<>();
        bySlice.forEach(all::addAll);
        all.sort(Comparator.comparingInt(Spike::volume)
                .thenComparingInt(Spike::slice)
                .thenComparing(Comparator.comparingDouble(Spike::score).reversed()));
        TreeMap<Integer, Integer> places = new TreeMap<>();
        for (Spike s : all) {
            places.merge(s.kx * 100000 + s.ky, 1, Integer::sum);
        }
        int repeating =
                places.values().stream().filter(c -> c > 1).mapToInt(c -> c).sum();
        float[] peak = peaks[0];
        for (float[] other : peaks) {
            for (int i = 0; i < peak.length; i++) {
                peak[i] = Math.max(peak[i], other[i]);
            }
        }
        Scores scores = new Scores(grid.nx(), grid.ny(), peak, worst, limit);
        return new KSpaceSpikes(List.copyOf(all), tested, repeating, scores);
    }

    /** The half plane of frequencies, in rings of equally many samples. */
    private record Plane(int nx, int ny, int[][] rings) {

        static Plane of(int nx, int ny) {
            List<long[]> found = new ArrayList<>();
            for (int y = 0; y < ny; y++) {
                for (int x = 0; x <= nx / 2; x++) {
                    int ky = y <= ny / 2 ? y : y - ny;
                    // On the two columns that are their own mirror, half of the samples say the same as the other half.
                    boolean mirrored = (x == 0 || 2 * x == nx) && ky < 0;
                    double radius = Math.hypot((double) x / nx, (double) ky / ny);
                    if (!mirrored && radius > MIN_RADIUS) {
                        found.add(new long[] {Math.round(radius * 1e9), (long) y * nx + x});
                    }
                }
            }
            found.sort(Comparator.<long[]>comparingLong(s -> s[0]).thenComparingLong(s -> s[1]));
            int bins = Math.max(1, Math.min(BINS, found.size() / MIN_PER_BIN));
            int[][] rings = new int[bins][];
            for (int b = 0; b < bins; b++) {
                int from = (int) ((long) b * found.size() / bins);
                int to = (int) ((long) (b + 1) * found.size() / bins);
                rings[b] = found.subList(from, to).stream()
                        .mapToInt(s -> (int) s[1])
                        .toArray();
            }
            return new Plane(nx, ny, rings);
        }

        int samples() {
            return Arrays.stream(rings).mapToInt(r -> r.length).sum();
        }
    }

    private static List<Spike> slice(
            Series series,
            int z,
            int[][] others,
            Plane plane,
            double limit,
            boolean amongAnatomy,
            float[] peak,
            double[] worst) {
        int size = plane.nx * plane.ny;
        float[][] x = new float[series.volumes()][size];
        for (int t = 0; t < x.length; t++) {
            series.read(t, z * size, size, x[t], 0);
        }
        FloatFFT_2D fft = new FloatFFT_2D(plane.ny, plane.nx);
        float[] work = new float[2 * size];
        List<Spike> found = new ArrayList<>();
        NoiseFloor floor = new NoiseFloor(x, others, plane, fft);
        for (int t = 0; t < x.length; t++) {
            worst[t] = others[t] == null
                    ? Double.NaN
                    : spikes(x, t, others[t], z, fft, work, plane, limit, floor, found, peak);
        }
        List<Spike> strongest = strongest(found, others);
        return alone(strongest, series, others, plane, fft, work, amongAnatomy ? ALONE_IN_ANATOMY : ALONE);
    }

    /** Spikes that are far above the same place of k-space in both neighbouring slices. */
    private static List<Spike> alone(
            List<Spike> found,
            Series series,
            int[][] others,
            Plane plane,
            FloatFFT_2D fft,
            float[] work,
            double factor) {
        int size = plane.nx * plane.ny;
        float[][] x = new float[3][size];
        List<Spike> kept = new ArrayList<>();
        for (Spike s : found) {
            double around = 0;
            for (int z = s.slice - 1; z <= s.slice + 1; z += 2) {
                if (z < 0 || z >= series.grid().nz()) {
                    continue;
                }
                series.read(s.volume, z * size, size, x[0], 0);
                series.read(others[s.volume][0], z * size, size, x[1], 0);
                series.read(others[s.volume][1], z * size, size, x[2], 0);
                transform(x[0], x[1], x[2], fft, work);
                for (int dy = -1; dy <= 1; dy++) {
                    for (int dx = -1; dx <= 1; dx++) {
                        int at = Math.floorMod(s.ky + dy, plane.ny) * plane.nx + Math.floorMod(s.kx + dx, plane.nx);
                        around = Math.max(around, power(work, at));
                    }
                }
            }
            double own = s.imageAmplitude * size / 2;
            if (own * own > factor * around) {
                kept.add(s);
            }
        }
        return kept;
    }

    private static void transform(float[] x, float[] a, float[] b, FloatFFT_2D fft, float[] work) {
        for (int i = 0; i < x.length; i++) {
            work[2 * i] = x[i] - 0.5f * (a[i] + b[i]);
            work[2 * i + 1] = 0;
        }
        fft.complexForward(work);
    }

    /** Adds the spikes of one slice of one volume, keeps the largest score of each sample, and returns the largest of all. */
    private static double spikes(
            float[][] x,
            int t,
            int[] others,
            int z,
            FloatFFT_2D fft,
            float[] work,
            Plane plane,
            double limit,
            NoiseFloor floor,
            List<Spike> found,
            float[] peak) {
        int size = plane.nx * plane.ny;
        double worst = 0;
        transform(x[t], x[others[0]], x[others[1]], fft, work);
        float[] power = new float
                [Arrays.stream(plane.rings).mapToInt(r -> r.length).max().orElse(0)];
        for (int[] ring : plane.rings) {
            for (int n = 0; n < ring.length; n++) {
                power[n] = power(work, ring[n]);
            }
            // Power of noise is exponential: its median is ln 2 of its mean.
            double mean = Robust.medianInPlace(power, ring.length) / Math.log(2);
            for (int sample : ring) {
                double score = power(work, sample) / mean;
                if (mean > 0 && score > limit) {
                    score = Math.min(score, power(work, sample) / surroundings(work, sample, plane));
                }
                if (mean > 0 && score > limit) {
                    score = Math.min(score, power(work, sample) / floor.at(sample));
                }
                if (mean > 0 && score > limit) {
                    int kx = sample % plane.nx;
                    int ky = sample / plane.nx;
                    ky = ky <= plane.ny / 2 ? ky : ky - plane.ny;
                    double amplitude = 2 * Math.sqrt(power(work, sample)) / size;
                    found.add(new Spike(t, z, kx, ky, amplitude, score));
                }
                if (mean > 0) {
                    peak[sample] = Math.max(peak[sample], (float) score);
                    worst = Math.max(worst, score);
                }
            }
        }
        return worst;
    }

    /**
     * Mean power around a sample, without its direct neighbours. Residual anatomy of a head that moved fills whole regions of
     * k-space; a spike stands alone.
     */
    private static double surroundings(float[] work, int sample, Plane plane) {
        int x = sample % plane.nx;
        int y = sample / plane.nx;
        float[] around = new float[40];
        int n = 0;
        for (int dy = -3; dy <= 3; dy++) {
            for (int dx = -3; dx <= 3; dx++) {
                if (Math.abs(dx) > 1 || Math.abs(dy) > 1) {
                    int at = Math.floorMod(y + dy, plane.ny) * plane.nx + Math.floorMod(x + dx, plane.nx);
                    around[n++] = power(work, at);
                }
            }
        }
        return Robust.medianInPlace(around, n) / Math.log(2);
    }

    /**
     * What a place in k-space of one slice is like over the whole run: the larger of the mean powers along its line and along its column
     * next to it. Made when it is first asked for, which is rare.
     */
    private static final class NoiseFloor {

        /** A spike that fell between two samples fills its direct neighbours too: they are left out. */
        private static final int NEAREST = 2;

        private static final int FARTHEST = 4;

        private final float[][] x;
        private final int[][] others;
        private final Plane plane;
        private final FloatFFT_2D fft;
        private float[][] power;

        NoiseFloor(float[][] x, int[][] others, Plane plane, FloatFFT_2D fft) {
            this.x = x;
            this.others = others;
            this.plane = plane;
            this.fft = fft;
        }

        double at(int sample) {
            if (power == null) {
                power = powers();
            }
            return Math.max(mean(sample, 1, 0), mean(sample, 0, 1));
        }

        private float[][] powers() {
            int size = plane.nx * plane.ny;
            float[] work = new float[2 * size];
            List<float[]> all = new ArrayList<>();
            for (int t = 0; t < x.length; t++) {
                if (others[t] != null) {
                    transform(x[t], x[others[t][0]], x[others[t][1]], fft, work);
                    float[] one = new float[size];
                    for (int i = 0; i < size; i++) {
                        one[i] = power(work, i);
                    }
                    all.add(one);
                }
            }
            return all.toArray(float[][]::new);
        }

        private double mean(int sample, int stepX, int stepY) {
            int column = sample % plane.nx;
            int row = sample / plane.nx;
            float[] around = new float[2 * (FARTHEST - NEAREST + 1) * power.length];
            int n = 0;
            for (int d = -FARTHEST; d <= FARTHEST; d++) {
                if (Math.abs(d) >= NEAREST) {
                    int at = Math.floorMod(row + d * stepY, plane.ny) * plane.nx
                            + Math.floorMod(column + d * stepX, plane.nx);
                    for (float[] volume : power) {
                        around[n++] = volume[at];
                    }
                }
            }
            return Robust.medianInPlace(around, n) / Math.log(2);
        }
    }

    private static float power(float[] work, int sample) {
        return work[2 * sample] * work[2 * sample] + work[2 * sample + 1] * work[2 * sample + 1];
    }

    /**
     * A spike shows with half its amplitude, and its harmonics with less, in the volumes that are compared with its own: there it is
     * not one.
     */
    private static List<Spike> strongest(List<Spike> found, int[][] others) {
        return found.stream()
                .filter(s -> found.stream()
                        .noneMatch(o -> o.volume != s.volume
                                && (o.score > 3 * s.score || (o.score > s.score && o.kx == s.kx && o.ky == s.ky))
                                && (contains(others[s.volume], o.volume) || contains(others[o.volume], s.volume))))
                .toList();
    }

    private static boolean contains(int[] all, int value) {
        return all[0] == value || all[1] == value;
    }
}
