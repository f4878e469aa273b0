package org.datman.synthetic;

import java.util.SplittableRandom;

/** Courses of head motion: one {@link Rigid} per volume, relative to volume 0's undisturbed position. */
public final class Motion {

    private Motion() {}

    /** No motion. */
    public static Rigid[] still(int volumes) {
        Rigid[] course = new Rigid[volumes];
        java.util.Arrays.fill(course, Rigid.NONE);
        return course;
    }

    /** A random walk that starts at rest with normal steps of {@code stepMm} and {@code stepDeg} per axis. */
    public static Rigid[] walk(int volumes, double stepMm, double stepDeg, long seed) {
        Rigid[] course = new Rigid[volumes];
        Noise noise = Noise.of(seed, 0, 0);
        double[] p = new double[6];
        for (int t = 0; t < volumes; t++) {
            course[t] = Rigid.of(p);
            for (int a = 0; a < 6; a++) {
                p[a] += noise.gaussian() * (a < 3 ? stepMm : Math.toRadians(stepDeg));
            }
        }
        return course;
    }

    /** An independent position per volume with the given sd per axis; volume 0 is at rest. */
    public static Rigid[] scatter(int volumes, double sdMm, double sdDeg, long seed) {
        Rigid[] course = new Rigid[volumes];
        Noise noise = Noise.of(seed, 1, 0);
        for (int t = 0; t < volumes; t++) {
            double[] p = new double[6];
            for (int a = 0; a < 6 && t > 0; a++) {
                p[a] = noise.gaussian() * (a < 3 ? sdMm : Math.toRadians(sdDeg));
            }
            course[t] = Rigid.of(p);
        }
        return course;
    }

    /** Adds {@code step} to every position from volume {@code from} (inclusive) to {@code to} (exclusive). */
    public static Rigid[] plus(Rigid[] course, int from, int to, Rigid step) {
        Rigid[] out = course.clone();
        for (int t = from; t < to; t++) {
            double[] p = course[t].toArray();
            double[] s = step.toArray();
            for (int a = 0; a < 6; a++) {
                p[a] += s[a];
            }
            out[t] = Rigid.of(p);
        }
        return out;
    }

    /** A sinusoid of {@code amplitudeMm} along axis 0 = R, 1 = A, 2 = S at {@code hz}, sampled every {@code trSeconds}. */
    public static Rigid[] oscillation(int volumes, double trSeconds, double hz, int axis, double amplitudeMm) {
        Rigid[] course = new Rigid[volumes];
        for (int t = 0; t < volumes; t++) {
            double[] p = new double[6];
            p[axis] = amplitudeMm * Math.sin(2 * Math.PI * hz * t * trSeconds);
            course[t] = Rigid.of(p);
        }
        return course;
    }

    /** Seeded volumes in random order, for planting things at random places. */
    public static int[] shuffled(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int at = random.nextInt(i + 1);
            order[i] = order[at];
            order[at] = i;
        }
        return order;
    }
}
