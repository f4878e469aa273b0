package org.datman.synthetic;

/** Gradient directions that are spread evenly over the sphere, taking a direction and its opposite as the same. */
public final class Directions {

    private Directions() {}

    /**
     * {@code count} unit vectors, row per direction: a spiral relaxed by electrostatic repulsion (with antipodes). The same for the
     * same count and seed; another seed turns the whole set.
     */
    public static double[][] spread(int count, long seed) {
        double[][] g = new double[count][];
        double turn = Math.PI * (3 - Math.sqrt(5));
        for (int n = 0; n < count; n++) {
            double z = (n + 0.5) / count;
            double s = Math.sqrt(1 - z * z);
            g[n] = new double[] {s * Math.cos(n * turn), s * Math.sin(n * turn), z};
        }
        for (int step = 0; step < 200; step++) {
            relax(g, 0.5 / count * (1 - step / 200.0));
        }
        Noise noise = Noise.of(seed, 2, 0);
        Rigid about = new Rigid(0, 0, 0, noise.gaussian(), noise.gaussian(), noise.gaussian());
        double[] r = about.rotation();
        int[] order = Motion.shuffled(count, seed);
        double[][] out = new double[count][];
        for (int n = 0; n < count; n++) {
            double[] v = g[order[n]];
            // Half of the directions point down: scanners use both hemispheres to spare the gradients.
            double sign = n % 2 == 0 ? 1 : -1;
            out[n] = new double[] {
                sign * (r[0] * v[0] + r[1] * v[1] + r[2] * v[2]),
                sign * (r[3] * v[0] + r[4] * v[1] + r[5] * v[2]),
                sign * (r[6] * v[0] + r[7] * v[1] + r[8] * v[2])
            };
        }
        return out;
    }

    private static void relax(double[][] g, double rate) {
        double[][] force = new double[g.length][3];
        for (int a = 0; a < g.length; a++) {
            for (int b = 0; b < g.length; b++) {
                for (int sign = -1; a != b && sign <= 1; sign += 2) {
                    double x = g[a][0] - sign * g[b][0], y = g[a][1] - sign * g[b][1], z = g[a][2] - sign * g[b][2];
                    double d2 = Math.max(x * x + y * y + z * z, 1e-6);
                    double w = 1 / (d2 * Math.sqrt(d2));
                    force[a][0] += w * x;
                    force[a][1] += w * y;
                    force[a][2] += w * z;
                }
            }
        }
        for (int a = 0; a < g.length; a++) {
            double[] f = force[a];
            double along = f[0] * g[a][0] + f[1] * g[a][1] + f[2] * g[a][2];
            double n = 0;
            for (int c = 0; c < 3; c++) {
                f[c] -= along * g[a][c];
                n += f[c] * f[c];
            }
            n = Math.sqrt(n);
            double norm = 0;
            for (int c = 0; c < 3; c++) {
                g[a][c] += n > 0 ? rate * f[c] / n : 0;
                norm += g[a][c] * g[a][c];
            }
            for (int c = 0; c < 3; c++) {
                g[a][c] /= Math.sqrt(norm);
            }
        }
    }
}
