package org.datman.synthetic;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A phantom of balls in a filled shell, as the MagPhan that ADNI scans: one ball of 6 cm in the middle, four of 3 cm about it and many
 * small ones. Every centre, radius and intensity is known.
 *
 * @param shell the filled shell; its intensity is that of the fill
 * @param balls inside the shell, not touching each other
 * @param sigma noise per quadrature
 * @param seed of the noise
 */
public record MagPhan(Ball shell, List<Ball> balls, double sigma, long seed) {

    public MagPhan {
        balls = List.copyOf(balls);
    }

    /**
     * One ball.
     *
     * @param x centre, mm right of the isocentre
     * @param y centre, mm anterior
     * @param z centre, mm superior
     * @param radiusMm radius
     * @param intensity noise-free signal
     */
    public record Ball(double x, double y, double z, double radiusMm, double intensity) {

        /** Distance between the centres in mm. */
        public double distance(Ball other) {
            return Math.sqrt(
                    (x - other.x) * (x - other.x) + (y - other.y) * (y - other.y) + (z - other.z) * (z - other.z));
        }
    }

    /** The five large balls, brightest first, and sixteen small bright ones that are not to be taken for them. */
    public static MagPhan adni() {
        Ball[] large = {
            new Ball(0, 0, 0, 30, 1000),
            new Ball(52, 21, 12, 15, 900),
            new Ball(-50, 25, -14, 15, 780),
            new Ball(18, -55, 20, 15, 650),
            new Ball(-22, -48, -26, 15, 560)
        };
        Ball[] small = IntStream.range(0, 16)
                .mapToObj(n -> new Ball(
                        80 * Math.cos(n * Math.PI / 8), 80 * Math.sin(n * Math.PI / 8), n % 2 == 0 ? 18 : -18, 5, 1100))
                .toArray(Ball[]::new);
        List<Ball> all = java.util.stream.Stream.concat(java.util.Arrays.stream(large), java.util.Arrays.stream(small))
                .toList();
        return new MagPhan(new Ball(0, 0, 0, 95, 300), all, 12, 1);
    }

    public MagPhan sigma(double value) {
        return new MagPhan(shell, balls, value, seed);
    }

    public MagPhan seed(long value) {
        return new MagPhan(shell, balls, sigma, value);
    }

    /** The same phantom as a scanner whose gradients are wrong shows it: every coordinate times a factor per patient axis. */
    public MagPhan scaled(double right, double anterior, double superior) {
        List<Ball> moved = balls.stream()
                .map(b -> new Ball(b.x * right, b.y * anterior, b.z * superior, b.radiusMm, b.intensity))
                .toList();
        return new MagPhan(shell, moved, sigma, seed);
    }

    /** The image on a grid. */
    public float[] volume(Grid grid) {
        double[] m = grid.affine();
        double edge = grid.edgeMm();
        float[] out = new float[grid.voxels()];
        IntStream.range(0, grid.nz()).parallel().forEach(k -> {
            Noise noise = Noise.of(seed, 0, k);
            for (int j = 0; j < grid.ny(); j++) {
                for (int i = 0; i < grid.nx(); i++) {
                    double x = m[0] * i + m[1] * j + m[2] * k + m[3];
                    double y = m[4] * i + m[5] * j + m[6] * k + m[7];
                    double z = m[8] * i + m[9] * j + m[10] * k + m[11];
                    double signal = share(shell, x, y, z, edge) * shell.intensity;
                    for (Ball ball : balls) {
                        signal += share(ball, x, y, z, edge) * (ball.intensity - shell.intensity);
                    }
                    out[grid.index(i, j, k)] = (float) noise.magnitude(signal, 0, sigma, 1);
                }
            }
        });
        return out;
    }

    private static double share(Ball ball, double x, double y, double z, double edge) {
        double dx = x - ball.x, dy = y - ball.y, dz = z - ball.z;
        return Ellipsoid.inside(Math.sqrt(dx * dx + dy * dy + dz * dz) - ball.radiusMm, edge);
    }
}
