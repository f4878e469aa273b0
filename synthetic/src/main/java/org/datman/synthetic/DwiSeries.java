package org.datman.synthetic;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A diffusion run: unweighted volumes and shells of directions through a body with a tensor per point (CSF 3.0, grey 0.8, white 1.7 along and
 * 0.25 across the fibre, in 10⁻³ mm²/s), with motion and lost slices. Settings return {@code this}; volumes are made on demand.
 *
 * <pre>{@code DwiSeries.of(grid).b0(6).shell(1000, 32).shell(2000, 32).sigma(20).dropout(Dropout.whole(12, 20, 50))}</pre>
 */
public final class DwiSeries implements Series {

    private static final double FAST = 3.0e-3;
    private static final double SLOW = 0.8e-3;
    private static final double ALONG = 1.7e-3;
    private static final double ACROSS = 0.25e-3;

    private final Grid grid;
    private final List<double[]> gradients = new ArrayList<>();
    private final List<Dropout> dropouts = new ArrayList<>();
    private final List<KSpaceSpike> spikes = new ArrayList<>();
    private Body body = Head.adult();
    private double tr = 8;
    private double sigma = 20;
    private int coils = 1;
    private Rigid @Nullable [] motion;
    private double driftPercent;
    private long seed = 1;

    private @Nullable Prepared cached;

    private record Prepared(Rigid position, float[][] maps) {}

    private DwiSeries(Grid grid) {
        this.grid = grid;
    }

    /** An empty run of the standard head: add volumes with {@link #b0}, {@link #shell} or {@link #gradient}. Sigma 20. */
    public static DwiSeries of(Grid grid) {
        return new DwiSeries(grid);
    }

    /** Appends unweighted volumes. */
    public DwiSeries b0(int count) {
        for (int n = 0; n < count; n++) {
            gradient(0, 0, 0, 0);
        }
        return this;
    }

    /** Appends {@code count} evenly spread directions at {@code b} s/mm². */
    public DwiSeries shell(double b, int count) {
        for (double[] g : Directions.spread(count, Math.round(b) + 31L * count)) {
            gradient(b, g[0], g[1], g[2]);
        }
        return this;
    }

    /** Appends {@code shell} with an unweighted volume before each group of {@code every} directions. */
    public DwiSeries shellWithB0s(double b, int count, int every) {
        int n = 0;
        for (double[] g : Directions.spread(count, Math.round(b) + 31L * count)) {
            if (n++ % every == 0) {
                b0(1);
            }
            gradient(b, g[0], g[1], g[2]);
        }
        return this;
    }

    /** Appends one volume with a gradient along (x, y, z) in patient R, A, S. */
    public DwiSeries gradient(double b, double x, double y, double z) {
        gradients.add(new double[] {b, x, y, z});
        return this;
    }

    public DwiSeries body(Body value) {
        body = value;
        cached = null;
        return this;
    }

    public DwiSeries trSeconds(double value) {
        tr = value;
        return this;
    }

    /** Noise per channel and quadrature, intensity units. */
    public DwiSeries sigma(double value) {
        sigma = value;
        return this;
    }

    public DwiSeries coils(int value) {
        coils = value;
        return this;
    }

    /** One position per volume; call it after all volumes have been added. */
    public DwiSeries motion(Rigid[] course) {
        if (course.length != gradients.size()) {
            throw new IllegalArgumentException(
                    "a course of " + course.length + " positions for " + gradients.size() + " volumes");
        }
        motion = course.clone();
        return this;
    }

    public DwiSeries dropout(Dropout dropout) {
        dropouts.add(dropout);
        return this;
    }

    public DwiSeries dropouts(Collection<Dropout> all) {
        dropouts.addAll(all);
        return this;
    }

    public DwiSeries spike(KSpaceSpike spike) {
        spikes.add(spike);
        return this;
    }

    /** Exponential change of the whole signal, in per cent per 100 volumes. */
    public DwiSeries drift(double percentPer100Volumes) {
        driftPercent = percentPer100Volumes;
        return this;
    }

    public DwiSeries seed(long value) {
        seed = value;
        return this;
    }

    @Override
    public Grid grid() {
        return grid;
    }

    @Override
    public int volumes() {
        return gradients.size();
    }

    @Override
    public double trSeconds() {
        return tr;
    }

    @Override
    public Rigid position(int t) {
        return motion == null ? Rigid.NONE : motion[t];
    }

    /** Planted losses. */
    public List<Dropout> dropouts() {
        return List.copyOf(dropouts);
    }

    /** b-value per volume, s/mm². */
    public double[] bvals() {
        return gradients.stream().mapToDouble(g -> g[0]).toArray();
    }

    /** Gradient direction per volume in patient R, A, S; zeros for unweighted volumes. */
    public double[][] directions() {
        return gradients.stream().map(g -> new double[] {g[1], g[2], g[3]}).toArray(double[][]::new);
    }

    /**
     * The same as FSL's bvec rows: along the image's i, j, k, with the first component's sign turned when the voxel axes are right-handed
     * (the convention of FSL, which dcm2niix follows).
     */
    public double[][] fslBvecs() {
        double[] r = grid.pose().rotation();
        return gradients.stream()
                .map(g -> new double[] {
                    negate(r[0] * g[1] + r[3] * g[2] + r[6] * g[3]),
                    r[1] * g[1] + r[4] * g[2] + r[7] * g[3],
                    r[2] * g[1] + r[5] * g[2] + r[8] * g[3]
                })
                .toArray(double[][]::new);
    }

    private static double negate(double value) {
        return value == 0 ? 0 : -value;
    }

    @Override
    public float[] volume(int t) {
        double[] gradient = gradients.get(t);
        float[][] maps = maps(position(t));
        double[] g = inBodyFrame(gradient, position(t));
        double fast = Math.exp(-gradient[0] * FAST);
        double slow = Math.exp(-gradient[0] * SLOW);
        double gain = Math.pow(1 + driftPercent / 100, t / 100.0);
        double[] m = grid.affine();
        float[] out = new float[grid.voxels()];
        IntStream.range(0, grid.nz()).parallel().forEach(k -> {
            Dropout[] lost = dropouts.stream()
                    .filter(d -> d.volume() == t && d.slice() == k)
                    .toArray(Dropout[]::new);
            KSpaceSpike[] here = spikes.stream()
                    .filter(s -> s.volume() == t && s.slice() == k)
                    .toArray(KSpaceSpike[]::new);
            Noise noise = Noise.of(seed, t, k);
            for (int j = 0; j < grid.ny(); j++) {
                for (int i = 0; i < grid.nx(); i++) {
                    int at = grid.index(i, j, k);
                    double real = 0;
                    if (maps[0][at] + maps[1][at] + maps[2][at] > 0) {
                        double c = g[0] * maps[3][at] + g[1] * maps[4][at] + g[2] * maps[5][at];
                        double white = maps[2][at] == 0
                                ? 0
                                : maps[2][at] * Math.exp(-gradient[0] * (ACROSS + (ALONG - ACROSS) * c * c));
                        real = gain * (maps[0][at] * fast + maps[1][at] * slow + white);
                        for (Dropout d : lost) {
                            double right = m[0] * i + m[1] * j + m[2] * k + m[3];
                            double anterior = m[4] * i + m[5] * j + m[6] * k + m[7];
                            real *= d.region().contains(right, anterior) ? 1 - d.lossPercent() / 100 : 1;
                        }
                    }
                    double imaginary = 0;
                    for (KSpaceSpike s : here) {
                        double angle = s.angle(i, j, grid);
                        real += s.amplitude() * Math.cos(angle);
                        imaginary += s.amplitude() * Math.sin(angle);
                    }
                    out[at] = (float) noise.magnitude(real, imaginary, sigma, coils);
                }
            }
        });
        return out;
    }

    private static double[] inBodyFrame(double[] gradient, Rigid position) {
        double[] r = position.rotation();
        return new double[] {
            r[0] * gradient[1] + r[3] * gradient[2] + r[6] * gradient[3],
            r[1] * gradient[1] + r[4] * gradient[2] + r[7] * gradient[3],
            r[2] * gradient[1] + r[5] * gradient[2] + r[8] * gradient[3]
        };
    }

    /** Unweighted signal of fluid, of slow tissue and of white matter, then the fibre direction in the body's frame: six maps. */
    private synchronized float[][] maps(Rigid position) {
        if (cached != null && position.equals(cached.position)) {
            return cached.maps;
        }
        float[][] maps = new float[6][grid.voxels()];
        Sampler.sample(grid, body, position, (index, x, y, z, f) -> {
            maps[0][index] = (float) weighted(f, Tissue.CSF);
            maps[1][index] = (float) (weighted(f, Tissue.GREY)
                    + weighted(f, Tissue.DEEP)
                    + weighted(f, Tissue.SCALP)
                    + weighted(f, Tissue.SKULL)
                    + weighted(f, Tissue.AGAR));
            maps[2][index] = (float) weighted(f, Tissue.WHITE);
            double[] d = new double[3];
            body.fibreAt(x, y, z, d);
            maps[3][index] = (float) d[0];
            maps[4][index] = (float) d[1];
            maps[5][index] = (float) d[2];
        });
        cached = new Prepared(position, maps);
        return maps;
    }

    private static double weighted(double[] fractions, Tissue tissue) {
        return fractions[tissue.ordinal()] * Contrast.B0.of(tissue);
    }
}
