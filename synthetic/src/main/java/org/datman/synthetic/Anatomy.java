package org.datman.synthetic;

import java.util.stream.IntStream;

/**
 * One 3-D acquisition of a body: contrast, noise and artifacts of one image. Settings return {@code this}.
 *
 * <pre>{@code float[] t1 = Anatomy.of(Grid.axial(256, 256, 176, 1, 1, 1)).contrast(Contrast.T1).sigma(8).seed(1).volume();}</pre>
 */
public final class Anatomy {

    private final Grid grid;
    private Body body = Head.adult();
    private Contrast contrast = Contrast.T1;
    private Rigid movement = Rigid.NONE;
    private double sigma = 8;
    private int coils = 1;
    private double bias;
    private double ghost;
    private int phaseAxis = 1;
    private int wrapVoxels;
    private int zipperColumn = -1;
    private int zipperSlice = -1;
    private double zipperAmplitude;
    private boolean zeroBackground;
    private long seed = 1;

    private Anatomy(Grid grid) {
        this.grid = grid;
    }

    /** A T1 of the standard head, sigma 8, one coil. */
    public static Anatomy of(Grid grid) {
        return new Anatomy(grid);
    }

    public Anatomy body(Body value) {
        body = value;
        return this;
    }

    public Anatomy contrast(Contrast value) {
        contrast = value;
        return this;
    }

    public Anatomy movement(Rigid value) {
        movement = value;
        return this;
    }

    /** Noise per channel and quadrature, intensity units. */
    public Anatomy sigma(double value) {
        sigma = value;
        return this;
    }

    /** Channels whose magnitudes are combined by root of sum of squares. */
    public Anatomy coils(int value) {
        coils = value;
        return this;
    }

    /** Receive field that changes linearly by ± {@code fraction} over ±80 mm along a diagonal. */
    public Anatomy bias(double fraction) {
        bias = fraction;
        return this;
    }

    /** N/2 ghost: this fraction of the object, half a field of view away along {@code axis} (0 = i, 1 = j). */
    public Anatomy ghost(double fraction, int axis) {
        ghost = fraction;
        phaseAxis = axis;
        return this;
    }

    /** The head wraps along j: the image is shifted by so many voxels and what leaves one side enters at the other. */
    public Anatomy wrap(int voxels) {
        wrapVoxels = voxels;
        return this;
    }

    /** RF line: column {@code i} carries a sinusoid along j with the given amplitude, in one slice or in all (slice −1). */
    public Anatomy zipper(int column, int slice, double amplitude) {
        zipperColumn = column;
        zipperSlice = slice;
        zipperAmplitude = amplitude;
        return this;
    }

    /** Everything outside the body is set to exactly 0, as masked reconstructions do. */
    public Anatomy zeroBackground() {
        zeroBackground = true;
        return this;
    }

    public Anatomy seed(long value) {
        seed = value;
        return this;
    }

    /** The signal before noise, with bias, ghost and wrap. */
    public float[] noiseFree() {
        float[] s = Sampler.signal(grid, body, movement, contrast);
        if (bias != 0) {
            applyBias(s);
        }
        s = Sampler.withGhost(grid, s, ghost, phaseAxis);
        return wrapVoxels == 0 ? s : wrapped(s);
    }

    /** The magnitude image. */
    public float[] volume() {
        float[] s = noiseFree();
        float[] out = new float[s.length];
        IntStream.range(0, grid.nz()).parallel().forEach(k -> {
            Noise noise = Noise.of(seed, 0, k);
            for (int j = 0; j < grid.ny(); j++) {
                for (int i = 0; i < grid.nx(); i++) {
                    int at = grid.index(i, j, k);
                    double line = i == zipperColumn && (zipperSlice < 0 || zipperSlice == k)
                            ? zipperAmplitude * Math.sin(0.9 * j + 0.3 * k)
                            : 0;
                    double m = noise.magnitude(s[at] + line, 0, sigma, coils);
                    out[at] = zeroBackground && s[at] == 0 ? 0 : (float) m;
                }
            }
        });
        return out;
    }

    private void applyBias(float[] s) {
        double[] m = grid.affine();
        for (int k = 0; k < grid.nz(); k++) {
            for (int j = 0; j < grid.ny(); j++) {
                for (int i = 0; i < grid.nx(); i++) {
                    double x = m[0] * i + m[1] * j + m[2] * k + m[3];
                    double y = m[4] * i + m[5] * j + m[6] * k + m[7];
                    double z = m[8] * i + m[9] * j + m[10] * k + m[11];
                    double along = Math.max(-1, Math.min(1, (x + y + z) / (80 * Math.sqrt(3))));
                    int at = grid.index(i, j, k);
                    s[at] = (float) (s[at] * (1 + bias * along));
                }
            }
        }
    }

    private float[] wrapped(float[] s) {
        float[] out = new float[s.length];
        for (int k = 0; k < grid.nz(); k++) {
            for (int j = 0; j < grid.ny(); j++) {
                int to = Math.floorMod(j + wrapVoxels, grid.ny());
                System.arraycopy(s, grid.index(0, j, k), out, grid.index(0, to, k), grid.nx());
            }
        }
        return out;
    }

    /** Ground truth: voxels inside the head's brain surface at this position. Only for a {@link Head}. */
    public boolean[] brainMask() {
        if (!(body instanceof Head head)) {
            throw new IllegalStateException(
                    "only a head has a brain; this body is a " + body.getClass().getSimpleName());
        }
        return Truth.brainMask(grid, head, movement);
    }
}
