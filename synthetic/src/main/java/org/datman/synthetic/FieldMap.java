package org.datman.synthetic;

/**
 * Field-map acquisitions of the head: two gradient-echo magnitudes with their phase difference, or a pair of spin-echo EPIs with opposite
 * phase-encoding polarity, distorted by the same analytic off-resonance field.
 */
public final class FieldMap {

    private final Grid grid;
    private final Head head;
    private final double sigma;
    private final long seed;

    private FieldMap(Grid grid, Head head, double sigma, long seed) {
        this.grid = grid;
        this.head = head;
        this.sigma = sigma;
        this.seed = seed;
    }

    /** @param sigma noise, intensity units */
    public static FieldMap of(Grid grid, Head head, double sigma, long seed) {
        return new FieldMap(grid, head, sigma, seed);
    }

    /** Ground truth: off-resonance in Hz at a point: a bump above the sinuses and one at each ear. */
    public static double offResonanceHz(double x, double y, double z) {
        double front = bump(x, y - 55, z + 35, 28);
        double ears = bump(x - 58, y + 5, z + 35, 20) + bump(x + 58, y + 5, z + 35, 20);
        return 130 * front + 70 * ears - 8;
    }

    private static double bump(double x, double y, double z, double widthMm) {
        return Math.exp(-(x * x + y * y + z * z) / (2 * widthMm * widthMm));
    }

    /** Magnitude at echo 1 or 2 (the second is 15 % weaker). */
    public float[] magnitude(int echo) {
        if (echo < 1 || echo > 2) {
            throw new IllegalArgumentException("a field map has echoes 1 and 2, not " + echo);
        }
        float[] clean = Sampler.signal(grid, head, Rigid.NONE, Contrast.EPI);
        double decay = echo == 1 ? 1 : 0.85;
        return noisy(clean, decay, echo);
    }

    /** Phase difference over {@code deltaTeSeconds}, wrapped, in Siemens' 12-bit units: 0 … 4095 for −π … π. Noise where there is no head. */
    public float[] phaseDifference(double deltaTeSeconds) {
        float[] clean = Sampler.signal(grid, head, Rigid.NONE, Contrast.EPI);
        double[] m = grid.affine();
        float[] out = new float[clean.length];
        for (int k = 0; k < grid.nz(); k++) {
            Noise noise = Noise.of(seed, 3, k);
            for (int j = 0; j < grid.ny(); j++) {
                for (int i = 0; i < grid.nx(); i++) {
                    int at = grid.index(i, j, k);
                    double hz = offResonanceHz(
                            m[0] * i + m[1] * j + m[2] * k + m[3],
                            m[4] * i + m[5] * j + m[6] * k + m[7],
                            m[8] * i + m[9] * j + m[10] * k + m[11]);
                    double phase = 2 * Math.PI * hz * deltaTeSeconds;
                    double re = clean[at] * Math.cos(phase) + 1.4 * sigma * noise.gaussian();
                    double im = clean[at] * Math.sin(phase) + 1.4 * sigma * noise.gaussian();
                    out[at] = (float) Math.min(4095, Math.floor((Math.atan2(im, re) + Math.PI) / (2 * Math.PI) * 4096));
                }
            }
        }
        return out;
    }

    /**
     * A spin-echo EPI whose voxels are shifted along j by field × total read-out time.
     *
     * @param polarity +1 or −1: the direction of phase encoding along j
     * @param readoutSeconds total read-out time; the shift in voxels is Hz × seconds
     */
    public float[] epi(int polarity, double readoutSeconds) {
        double[] m = grid.affine();
        double step = Math.sqrt(m[1] * m[1] + m[5] * m[5] + m[9] * m[9]);
        Body distorted = (x, y, z, edge, f) -> {
            double shift = polarity * offResonanceHz(x, y, z) * readoutSeconds;
            double u = m[1] * shift, v = m[5] * shift, w = m[9] * shift;
            return step > 0 && head.at(x - u, y - v, z - w, edge, f);
        };
        return noisy(Sampler.signal(grid, distorted, Rigid.NONE, Contrast.B0), 1, 4 + polarity);
    }

    private float[] noisy(float[] clean, double factor, int stream) {
        float[] out = new float[clean.length];
        for (int k = 0; k < grid.nz(); k++) {
            Noise noise = Noise.of(seed, stream, k);
            int from = k * grid.sliceVoxels();
            for (int at = from; at < from + grid.sliceVoxels(); at++) {
                out[at] = (float) noise.magnitude(clean[at] * factor, 0, sigma, 1);
            }
        }
        return out;
    }
}
