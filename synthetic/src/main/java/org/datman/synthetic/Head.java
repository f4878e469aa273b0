package org.datman.synthetic;

import java.util.SplittableRandom;

/**
 * An analytic adult head: scalp with nose and neck, skull, CSF, a folded cortical ribbon, white matter with a crossing-free fibre
 * field (callosum, corticospinal, association), ventricles, deep nuclei and eyes. About 154 × 188 × 150 mm, brain 132 × 164 × 124 mm, centred
 * on the isocentre. Heads of different seeds differ in size, folding, texture and fibre course.
 */
public final class Head implements Body {

    private static final double NECK_TOP_MM = -45;

    private final Ellipsoid scalp;
    private final Ellipsoid skull;
    private final Ellipsoid inner;
    private final Ellipsoid brain;
    private final Ellipsoid nose;
    private final Ellipsoid[] eyes;
    private final Ellipsoid[] ventricles;
    private final Ellipsoid[] nuclei;
    private final Waves folds;
    private final Waves texture;
    private final double fibreTurn;

    private Head(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double a = 66 * vary(random), b = 82 * vary(random), c = 62 * vary(random);
        brain = new Ellipsoid(0, 0, 0, a, b, c);
        inner = new Ellipsoid(0, 0, 0, a + 2.5, b + 2.5, c + 2.5);
        skull = new Ellipsoid(0, 0, 0, a + 7, b + 7, c + 7);
        scalp = new Ellipsoid(0, 0, 0, a + 12, b + 12, c + 12);
        nose = new Ellipsoid(0, b + 14, -28, 11, 15, 17);
        eyes = pair(32, b - 6, -32, 12, 12, 12);
        ventricles = pair(12, 2, 10, 8, 32, 13);
        nuclei = pair(24, 6, -4, 9, 17, 13);
        folds = new Waves(random.split(), 4, 16, 30);
        texture = new Waves(random.split(), 5, 9, 26);
        fibreTurn = (random.nextDouble() - 0.5) * 0.5;
    }

    /** The standard head. */
    public static Head adult() {
        return new Head(0);
    }

    /** Another person: sizes within ±4 %, other folds and fibres. */
    public static Head of(long seed) {
        return new Head(seed);
    }

    private static double vary(SplittableRandom random) {
        return 1 + 0.08 * (random.nextDouble() - 0.5);
    }

    private static Ellipsoid[] pair(double x, double y, double z, double a, double b, double c) {
        return new Ellipsoid[] {new Ellipsoid(-x, y, z, a, b, c), new Ellipsoid(x, y, z, a, b, c)};
    }

    @Override
    public boolean at(double x, double y, double z, double edge, double[] f) {
        java.util.Arrays.fill(f, 0);
        double outer = Math.max(scalp.inside(x, y, z, edge), Math.max(neck(x, y, z, edge), nose.inside(x, y, z, edge)));
        if (outer <= 0) {
            return false;
        }
        f[Tissue.SCALP.ordinal()] = outer;
        layer(f, Tissue.SKULL, skull.inside(x, y, z, edge));
        layer(f, Tissue.CSF, inner.inside(x, y, z, edge));
        double depth = -brain.distance(x, y, z);
        if (depth > -edge) {
            brainAt(x, y, z, depth, edge, f);
        }
        for (Ellipsoid eye : eyes) {
            layer(f, Tissue.CSF, eye.inside(x, y, z, edge));
        }
        return true;
    }

    private void brainAt(double x, double y, double z, double depth, double edge, double[] f) {
        double fold = folds.at(x, y, z);
        layer(f, Tissue.GREY, Ellipsoid.inside(-depth, edge));
        // A ribbon of grey between sulci, CSF that reaches down from the surface, and white: in an adult's proportions.
        layer(f, Tissue.CSF, 0.8 * Ellipsoid.inside(depth - 2.5 - 10 * fold, edge) * Ellipsoid.inside(-depth, edge));
        layer(f, Tissue.WHITE, Ellipsoid.inside(16 + 10 * fold - depth, edge));
        for (Ellipsoid nucleus : nuclei) {
            layer(f, Tissue.DEEP, nucleus.inside(x, y, z, edge));
        }
        for (Ellipsoid ventricle : ventricles) {
            layer(f, Tissue.CSF, ventricle.inside(x, y, z, edge));
        }
        double grain = 1 + 0.04 * texture.at(x, y, z);
        f[Tissue.GREY.ordinal()] *= grain;
        f[Tissue.WHITE.ordinal()] *= grain;
        f[Tissue.DEEP.ordinal()] *= grain;
    }

    private static void layer(double[] f, Tissue tissue, double share) {
        if (share <= 0) {
            return;
        }
        for (int i = 0; i < f.length; i++) {
            f[i] *= 1 - share;
        }
        f[tissue.ordinal()] += share;
    }

    private static double neck(double x, double y, double z, double edge) {
        double below = Ellipsoid.inside(z - NECK_TOP_MM, 3 * edge);
        if (below <= 0) {
            return 0;
        }
        double u = x / 50, v = (y + 18) / 56;
        return below * Ellipsoid.inside((Math.sqrt(u * u + v * v) - 1) * 53, edge);
    }

    /** True where the point lies inside the brain's outer surface (ground truth of a brain mask). */
    public boolean inBrain(double x, double y, double z) {
        return brain.distance(x, y, z) < 0;
    }

    /** Three bundles, blended: callosal arches near the midline, corticospinal fan beside them, association fibres outside. */
    @Override
    public void fibreAt(double x, double y, double z, double[] d) {
        double side = x / 18;
        double callosal = Math.exp(-side * side) * Ellipsoid.inside(Math.abs(z - 14) - 22, 10);
        double out = Math.abs(x) - 26;
        double spinal = Math.exp(-out * out / 180) + 0.05;
        double association = Ellipsoid.inside(36 - Math.abs(x), 12) + 0.05;
        double arch = x / 45;
        d[0] = callosal * Math.cos(arch) + spinal * 0.25 * x / 40;
        d[1] = association * Math.cos(fibreTurn) + spinal * 0.2 * Math.sin(y / 30 + fibreTurn);
        d[2] = spinal - callosal * Math.sin(arch) + association * Math.sin(fibreTurn + y / 60);
        double n = Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
        if (n < 1e-9) {
            d[0] = 1;
            return;
        }
        d[0] /= n;
        d[1] /= n;
        d[2] /= n;
    }

    /** A sum of plane waves in seeded directions, scaled to about −1 … 1. */
    private static final class Waves {
        private final double[][] k;

        Waves(SplittableRandom random, int count, double shortestMm, double longestMm) {
            k = new double[count][];
            for (int i = 0; i < count; i++) {
                double z = 2 * random.nextDouble() - 1;
                double phi = 2 * Math.PI * random.nextDouble();
                double s = Math.sqrt(1 - z * z);
                double w = 2 * Math.PI / (shortestMm + (longestMm - shortestMm) * random.nextDouble());
                k[i] = new double[] {
                    w * s * Math.cos(phi), w * s * Math.sin(phi), w * z, 2 * Math.PI * random.nextDouble()
                };
            }
        }

        double at(double x, double y, double z) {
            double sum = 0;
            for (double[] w : k) {
                sum += Math.sin(w[0] * x + w[1] * y + w[2] * z + w[3]);
            }
            return sum / Math.sqrt(2.0 * k.length);
        }
    }
}
