package org.datman.analysis.spike;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.image.Series;
import org.datman.analysis.stats.Statistics;
import org.jspecify.annotations.Nullable;
import org.jtransforms.fft.FloatFFT_2D;

/**
 * Finds single corrupted k-space samples in a 4-D series. The difference of a slice from the same slice in two other volumes is transformed;
 * at radial frequencies above 0.10 cycles per voxel a sample far above the others of its radius, above its surroundings in this volume and
 * above the level of its place in k-space over the whole run is a spike. Noise of parallel imaging is not uniform in k-space:
 * the last of the three excludes its bright lines and regions. Samples that a neighbouring slice has at the same place are
 * separated: a discharge hits one slice; movement, anatomy and longer interference continue in the next.
 *
 * @param spikes sorted by volume, then slice
 * @param shared samples that would be spikes if a neighbouring slice did not have them at the same place; sorted the same way
 * @param tested number of tested slice-volumes
 * @param scores of all samples, or null when nothing was tested
 */
public record KSpaceSpikes(
        List<Spike> spikes,
        List<Spike> shared,
        int tested,
        @Nullable Scores scores) {

    /** One event in so many slices is the lowest limit that a rate has, 0.5 per 1000. */
    private static final int SLICES_FOR_A_RATE = 2000;

    /** Slices of single volumes that hold spikes; several samples of one slice are one event. */
    public int slicesHit() {
        return (int) spikes.stream()
                .map(s -> List.of(s.volume(), s.slice()))
                .distinct()
                .count();
    }

    /** Slices of single volumes with a spike at the same (kx, ky) as this one, its own included: many are interference at one frequency. */
    public int atPlaceOf(Spike spike) {
        return (int) spikes.stream()
                .filter(s -> s.kx == spike.kx && s.ky == spike.ky)
                .map(s -> List.of(s.volume(), s.slice()))
                .distinct()
                .count();
    }

    /**
     * Slices with spikes per 1000 slices tested. Empty in a run so short that a single event exceeds the limit of a rate, unless there is
     * none: such a run is evaluated by the strength of its events.
     */
    public OptionalDouble perThousand() {
        int hit = slicesHit();
        return tested == 0 || hit > 0 && tested < SLICES_FOR_A_RATE
                ? OptionalDouble.empty()
                : OptionalDouble.of(1000.0 * hit / tested);
    }

    /**
     * Scores of all tested samples, for pictures.
     *
     * @param nx samples along i; {@code peak} has only kx from 0 to nx / 2, the rest is redundant
     * @param ny samples along j
     * @param peak largest score of a sample (kx + nx * ky, wrapped) in any slice of any volume; 0 where none was tested
     * @param worst [slice][volume] largest score in that slice; NaN where none was tested
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

    /** Two directions differ by anatomy too, whose edges have heavier tails than noise: one of 1560 clean slices passed at 1. */
    private static final double AMONG_ANATOMY = 1.5;

    private static final double MIN_RADIUS = 0.10;
    private static final int BINS = 10;
    private static final int MIN_PER_BIN = 200;
    private static final double ALPHA = 0.01;
    /** Nearest and farthest samples of a place's surroundings: a spike between two samples fills its direct neighbours too. */
    private static final int NEAREST = 2;

    private static final int FARTHEST = 4;

    /** Places whose noise is computed in one pass over the run. */
    private static final int AT_ONCE = 64;

    /** Factor of a spike over its place in the neighbouring slices, where only noise differs between volumes. */
    private static final double ALONE = 4;

    /** The same where anatomy differs too. */
    private static final double ALONE_IN_ANATOMY = 8;

    private static final Comparator<Spike> ORDER = Comparator.comparingInt(Spike::volume)
            .thenComparingInt(Spike::slice)
            .thenComparing(Comparator.comparingDouble(Spike::score).reversed());

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
     * Volumes that are compared with given others, for diffusion: the difference of two directions is anatomy, which
     * continues in the next slice; a spike does not.
     *
     * @param others per volume two volumes of like contrast that it is compared with, or null to leave it out
     */
    public static KSpaceSpikes ofLike(Series series, int[][] others) {
        return of(series, others, true);
    }

    private static KSpaceSpikes of(Series series, int[][] others, boolean amongAnatomy) {
        Grid grid = series.grid();
        if (series.volumes() < 3 || grid.nx() < 8 || grid.ny() < 8) {
            return new KSpaceSpikes(List.of(), List.of(), 0, null);
        }
        Plane plane = Plane.of(grid.nx(), grid.ny());
        int volumes = (int) Arrays.stream(others).filter(o -> o != null).count();
        int tested = volumes * grid.nz();
        double limit = (amongAnatomy ? AMONG_ANATOMY : 1) * Math.log((double) plane.samples() * tested / ALPHA);
        Found[] bySlice = new Found[grid.nz()];
        float[][] peaks = new float[grid.nz()][grid.nx() * grid.ny()];
        double[][] worst = new double[grid.nz()][series.volumes()];
        Parallel.forEach(
                grid.nz(),
                z -> bySlice[z] = new OneSlice(series, z, others, plane, limit, peaks[z], worst[z])
                        .find(amongAnatomy ? ALONE_IN_ANATOMY : ALONE));
        List<Spike> spikes = new ArrayList<>();
        List<Spike> shared = new ArrayList<>();
        for (Found found : bySlice) {
            spikes.addAll(found.alone);
            shared.addAll(found.shared);
        }
        spikes.sort(ORDER);
        shared.sort(ORDER);
        float[] peak = peaks[0];
        for (float[] other : peaks) {
            for (int i = 0; i < peak.length; i++) {
                peak[i] = Math.max(peak[i], other[i]);
            }
        }
        Scores scores = new Scores(grid.nx(), grid.ny(), peak, worst, limit);
        return new KSpaceSpikes(List.copyOf(spikes), List.copyOf(shared), tested, scores);
    }

    /** The half plane of frequencies, in rings of equally many samples. */
    private record Plane(int nx, int ny, int[][] rings) {

        static Plane of(int nx, int ny) {
            List<long[]> found = new ArrayList<>();
            for (int y = 0; y < ny; y++) {
                for (int x = 0; x <= nx / 2; x++) {
                    int ky = y <= ny / 2 ? y : y - ny;
                    // On the two columns that are their own mirror, half of the samples are redundant.
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

    /** Spikes of one slice, and the samples that its neighbours share. */
    private record Found(List<Spike> alone, List<Spike> shared) {}

    /** A sample above the limit, before the level of its place over the run is known. */
    private record Candidate(int volume, int sample, float power, double score) {}

    /** One slice over the run. It holds only a few volumes' planes of the run and the requested samples. */
    private static final class OneSlice {

        private final Series series;
        private final int z;
        private final int[][] others;
        private final Plane plane;
        private final double limit;
        private final float[] peak;
        private final double[] worst;
        private final int size;
        private final FloatFFT_2D fft;
        private final float[] work;
        private final float[][] x;

        OneSlice(Series series, int z, int[][] others, Plane plane, double limit, float[] peak, double[] worst) {
            this.series = series;
            this.z = z;
            this.others = others;
            this.plane = plane;
            this.limit = limit;
            this.peak = peak;
            this.worst = worst;
            this.size = plane.nx * plane.ny;
            this.fft = new FloatFFT_2D(plane.ny, plane.nx);
            this.work = new float[2 * size];
            this.x = new float[3][size];
        }

        Found find(double factor) {
            List<Candidate> candidates = new ArrayList<>();
            for (int t = 0; t < others.length; t++) {
                worst[t] = Double.NaN;
                if (others[t] != null) {
                    transform(t, z);
                    worst[t] = candidates(t, candidates);
                }
            }
            return alone(strongest(spikes(candidates), others), factor);
        }

        /** The difference of a slice of a volume from the same slice of its two references, in k-space. */
        private void transform(int t, int slice) {
            series.read(t, slice * size, size, x[0], 0);
            series.read(others[t][0], slice * size, size, x[1], 0);
            series.read(others[t][1], slice * size, size, x[2], 0);
            for (int i = 0; i < size; i++) {
                work[2 * i] = x[0][i] - 0.5f * (x[1][i] + x[2][i]);
                work[2 * i + 1] = 0;
            }
            fft.complexForward(work);
        }

        /** Adds samples above the limit among their radius and their surroundings; keeps and returns the largest score of the others. */
        private double candidates(int t, List<Candidate> candidates) {
            double largest = 0;
            float[] power = new float
                    [Arrays.stream(plane.rings).mapToInt(r -> r.length).max().orElse(0)];
            for (int[] ring : plane.rings) {
                for (int n = 0; n < ring.length; n++) {
                    power[n] = power(work, ring[n]);
                }
                // Power of noise is exponential: its median is ln 2 of its mean.
                double mean = Statistics.medianInPlace(power, ring.length) / Math.log(2);
                if (!(mean > 0)) {
                    continue;
                }
                for (int sample : ring) {
                    double score = power(work, sample) / mean;
                    if (score > limit) {
                        score = Math.min(score, power(work, sample) / surroundings(work, sample, plane));
                    }
                    if (score > limit) {
                        candidates.add(new Candidate(t, sample, power(work, sample), score));
                    } else {
                        peak[sample] = Math.max(peak[sample], (float) score);
                        largest = Math.max(largest, score);
                    }
                }
            }
            return largest;
        }

        /** Candidates that are above the noise of their place, too. */
        private List<Spike> spikes(List<Candidate> candidates) {
            int[] above = candidates.stream()
                    .mapToInt(Candidate::sample)
                    .sorted()
                    .distinct()
                    .toArray();
            double[] floor = new double[above.length];
            for (int from = 0; from < above.length; from += AT_ONCE) {
                int[] some = Arrays.copyOfRange(above, from, Math.min(above.length, from + AT_ONCE));
                System.arraycopy(floor(some), 0, floor, from, some.length);
            }
            List<Spike> spikes = new ArrayList<>();
            for (Candidate c : candidates) {
                double score = Math.min(c.score, c.power / floor[Arrays.binarySearch(above, c.sample)]);
                if (score > limit) {
                    int kx = c.sample % plane.nx;
                    int ky = c.sample / plane.nx;
                    ky = ky <= plane.ny / 2 ? ky : ky - plane.ny;
                    spikes.add(new Spike(c.volume, z, kx, ky, 2 * Math.sqrt(c.power) / size, score));
                }
                peak[c.sample] = Math.max(peak[c.sample], (float) score);
                worst[c.volume] = Math.max(worst[c.volume], score);
            }
            return spikes;
        }

        /**
         * Level of places in k-space over the whole run: the larger of the mean powers along their line and along their column next to
         * them. Each place costs two dozen floats per volume during the computation.
         */
        private double[] floor(int[] samples) {
            int[][] places = new int[2 * samples.length][];
            for (int n = 0; n < samples.length; n++) {
                places[2 * n] = near(samples[n], 1, 0);
                places[2 * n + 1] = near(samples[n], 0, 1);
            }
            int each = places[0].length;
            float[][] powers = new float[places.length][each * others.length];
            int volumes = 0;
            for (int t = 0; t < others.length; t++) {
                if (others[t] == null) {
                    continue;
                }
                transform(t, z);
                for (int p = 0; p < places.length; p++) {
                    for (int n = 0; n < each; n++) {
                        powers[p][volumes * each + n] = power(work, places[p][n]);
                    }
                }
                volumes++;
            }
            double[] floor = new double[samples.length];
            for (int n = 0; n < floor.length; n++) {
                double line = Statistics.medianInPlace(powers[2 * n], volumes * each);
                double column = Statistics.medianInPlace(powers[2 * n + 1], volumes * each);
                floor[n] = Math.max(line, column) / Math.log(2);
            }
            return floor;
        }

        private int[] near(int sample, int stepX, int stepY) {
            int column = sample % plane.nx;
            int row = sample / plane.nx;
            int[] near = new int[2 * (FARTHEST - NEAREST + 1)];
            int n = 0;
            for (int d = -FARTHEST; d <= FARTHEST; d++) {
                if (Math.abs(d) >= NEAREST) {
                    near[n++] = Math.floorMod(row + d * stepY, plane.ny) * plane.nx
                            + Math.floorMod(column + d * stepX, plane.nx);
                }
            }
            return near;
        }

        /** Separates spikes that are far above the same place of k-space in both neighbouring slices from the others. */
        private Found alone(List<Spike> found, double factor) {
            Found parted = new Found(new ArrayList<>(), new ArrayList<>());
            for (Spike s : found) {
                double around = 0;
                for (int slice = z - 1; slice <= z + 1; slice += 2) {
                    if (slice < 0 || slice >= series.grid().nz()) {
                        continue;
                    }
                    transform(s.volume, slice);
                    for (int dy = -1; dy <= 1; dy++) {
                        for (int dx = -1; dx <= 1; dx++) {
                            int at = Math.floorMod(s.ky + dy, plane.ny) * plane.nx + Math.floorMod(s.kx + dx, plane.nx);
                            around = Math.max(around, power(work, at));
                        }
                    }
                }
                double own = s.imageAmplitude * size / 2;
                (own * own > factor * around ? parted.alone : parted.shared).add(s);
            }
            return parted;
        }
    }

    /**
     * Mean power around a sample, without its direct neighbours. Residual anatomy of a head that moved fills whole regions of
     * k-space; a spike is isolated.
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
        return Statistics.medianInPlace(around, n) / Math.log(2);
    }

    private static float power(float[] work, int sample) {
        return work[2 * sample] * work[2 * sample] + work[2 * sample + 1] * work[2 * sample + 1];
    }

    /**
     * A spike appears with half its amplitude, and its harmonics with less, in the volumes that use its own as reference: there it is
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
