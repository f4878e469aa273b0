package org.datman.pipeline.run;

/**
 * A synthetic diffusion series: a ball with the signal of one tensor, its axis along x, in an almost dark field. One volume without diffusion weighting and one for
 * each direction.
 */
public final class TensorBall {

    /** Side of the image and radius of the ball in voxels, and side of a voxel in mm. */
    static final int SIDE = 20;

    static final int RADIUS = 8;
    static final float VOXEL = 2;

    /** Eigenvalues of the tensor, mm2/s. */
    static final double AXIAL = 1.7e-3;

    static final double RADIAL = 0.3e-3;

    static final double MEAN_DIFFUSIVITY = (AXIAL + 2 * RADIAL) / 3;

    /** Basser and Pierpaoli 1996, of a tensor with two equal eigenvalues. */
    public static final double ANISOTROPY = (AXIAL - RADIAL) / Math.sqrt(AXIAL * AXIAL + 2 * RADIAL * RADIAL);

    /** In voxels. */
    static final double VOLUME = 4.0 / 3.0 * Math.PI * Math.pow(RADIUS, 3);

    private static final int DIRECTIONS = 32;
    private static final double B_VALUE = 1000;

    private TensorBall() {}

    /** b-values, in FSL's form. */
    public static String bval() {
        return "0" + (" " + B_VALUE).repeat(DIRECTIONS);
    }

    /** Gradient directions, in FSL's form. */
    public static String bvec() {
        StringBuilder text = new StringBuilder();
        for (int axis = 0; axis < 3; axis++) {
            text.append('0');
            for (double[] direction : directions(DIRECTIONS)) {
                text.append(' ').append(direction[axis]);
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** Unit vectors that are spread over the sphere on a spiral. */
    static double[][] directions(int count) {
        double[][] directions = new double[count][];
        for (int i = 0; i < count; i++) {
            double z = 1 - (2.0 * i + 1) / count;
            double angle = Math.PI * (1 + Math.sqrt(5)) * i;
            double r = Math.sqrt(1 - z * z);
            directions[i] = new double[] {r * Math.cos(angle), r * Math.sin(angle), z};
        }
        return directions;
    }

    /** The series as NIfTI. */
    public static byte[] series() {
        return series(DIRECTIONS + 1);
    }

    /** The first volumes of the series. */
    static byte[] series(int count) {
        double[][] directions = directions(DIRECTIONS);
        float[][] volumes = new float[count][];
        for (int v = 0; v < count; v++) {
            double x = v == 0 ? 0 : directions[v - 1][0];
            double diffusivity = AXIAL * x * x + RADIAL * (1 - x * x);
            volumes[v] = ball(v == 0 ? 1000 : 1000 * Math.exp(-B_VALUE * diffusivity));
        }
        return TestNifti.of(SIDE, VOXEL, volumes);
    }

    private static float[] ball(double signal) {
        float[] voxels = new float[SIDE * SIDE * SIDE];
        double centre = (SIDE - 1) / 2.0;
        for (int k = 0, voxel = 0; k < SIDE; k++) {
            for (int j = 0; j < SIDE; j++) {
                for (int i = 0; i < SIDE; i++, voxel++) {
                    double distance = Math.pow(i - centre, 2) + Math.pow(j - centre, 2) + Math.pow(k - centre, 2);
                    voxels[voxel] = distance <= RADIUS * RADIUS ? (float) signal : 2;
                }
            }
        }
        return voxels;
    }
}
