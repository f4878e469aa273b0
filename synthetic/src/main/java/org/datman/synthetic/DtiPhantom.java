package org.datman.synthetic;

import java.util.stream.IntStream;

/**
 * A homogeneous sphere under diffusion weighting: unweighted volumes first, then one per direction. EPI distortions are planted along
 * j, the phase-encoding axis: stretch by B0, a shift of the weighted volumes by eddy currents, the N/2 ghost. Settings return {@code this}.
 */
public final class DtiPhantom implements Series {

    private static final double RADIUS_MM = 80;

    private final Grid grid;
    private final int unweighted;
    private final double[][] directions;
    private double b = 1000;
    private double diffusivity = 2.0e-3;
    private double signal = 1000;
    private double sigma = 10;
    private double stretch = 1;
    private double shiftMm;
    private double ghost;
    private long seed = 1;

    private DtiPhantom(Grid grid, int unweighted, int directions) {
        this.grid = grid;
        this.unweighted = unweighted;
        this.directions = Directions.spread(directions, 7);
    }

    public static DtiPhantom of(Grid grid, int unweighted, int directions) {
        return new DtiPhantom(grid, unweighted, directions);
    }

    /** mm²/s. */
    public DtiPhantom diffusivity(double value) {
        diffusivity = value;
        return this;
    }

    /** s/mm². */
    public DtiPhantom bValue(double value) {
        b = value;
        return this;
    }

    /** Noise per quadrature; the unweighted signal is 1000. */
    public DtiPhantom sigma(double value) {
        sigma = value;
        return this;
    }

    /** Factor on the size along j. */
    public DtiPhantom stretch(double factor) {
        stretch = factor;
        return this;
    }

    /** Shift along j of every weighted volume, by turns to either side, mm. */
    public DtiPhantom eddyShift(double mm) {
        shiftMm = mm;
        return this;
    }

    /** N/2 ghost along j, fraction of the signal. */
    public DtiPhantom ghost(double fraction) {
        ghost = fraction;
        return this;
    }

    public DtiPhantom seed(long value) {
        seed = value;
        return this;
    }

    @Override
    public Grid grid() {
        return grid;
    }

    @Override
    public int volumes() {
        return unweighted + directions.length;
    }

    @Override
    public double trSeconds() {
        return 8;
    }

    @Override
    public Rigid position(int t) {
        return Rigid.NONE;
    }

    /** b-value per volume, s/mm². */
    public double[] bvals() {
        return IntStream.range(0, volumes())
                .mapToDouble(t -> t < unweighted ? 0 : b)
                .toArray();
    }

    /** Direction per volume; zeros for the unweighted ones. */
    public double[][] bvecs() {
        return IntStream.range(0, volumes())
                .mapToObj(t -> t < unweighted ? new double[3] : directions[t - unweighted].clone())
                .toArray(double[][]::new);
    }

    @Override
    public float[] volume(int t) {
        boolean weighted = t >= unweighted;
        double level = signal * (weighted ? Math.exp(-b * diffusivity) : 1);
        double shift = weighted ? (t % 2 == 0 ? shiftMm : -shiftMm) : 0;
        Ellipsoid body = new Ellipsoid(0, shift, 0, RADIUS_MM, RADIUS_MM * stretch, RADIUS_MM);
        double[] m = grid.affine();
        float[] clean = new float[grid.voxels()];
        // In-plane edges only: thick slices blur nothing within the plane of the equator.
        double edge = (grid.dx() + grid.dy()) / 2;
        IntStream.range(0, grid.nz()).parallel().forEach(k -> {
            for (int j = 0; j < grid.ny(); j++) {
                for (int i = 0; i < grid.nx(); i++) {
                    double x = m[0] * i + m[1] * j + m[2] * k + m[3];
                    double y = m[4] * i + m[5] * j + m[6] * k + m[7];
                    double z = m[8] * i + m[9] * j + m[10] * k + m[11];
                    clean[grid.index(i, j, k)] = (float) (level * body.inside(x, y, z, edge));
                }
            }
        });
        float[] seen = Sampler.withGhost(grid, clean, ghost, 1);
        float[] out = new float[seen.length];
        IntStream.range(0, grid.nz()).parallel().forEach(k -> {
            Noise noise = Noise.of(seed, t, k);
            for (int v = k * grid.sliceVoxels(); v < (k + 1) * grid.sliceVoxels(); v++) {
                out[v] = (float) noise.magnitude(seen[v], 0, sigma, 1);
            }
        });
        return out;
    }
}
