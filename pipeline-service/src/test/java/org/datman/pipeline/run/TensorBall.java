package org.datman.pipeline.run;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A synthetic diffusion series: a ball with the signal of one tensor, its axis along x, in an almost dark field. One volume without diffusion weighting and one for
 * each direction.
 */
final class TensorBall {

    /** Side of the image and radius of the ball in voxels, and side of a voxel in mm. */
    static final int SIDE = 20;

    static final int RADIUS = 8;
    static final float VOXEL = 2;

    /** Eigenvalues of the tensor, mm2/s. */
    static final double AXIAL = 1.7e-3;

    static final double RADIAL = 0.3e-3;

    static final double MEAN_DIFFUSIVITY = (AXIAL + 2 * RADIAL) / 3;

    /** Basser and Pierpaoli 1996, of a tensor with two equal eigenvalues. */
    static final double ANISOTROPY = (AXIAL - RADIAL) / Math.sqrt(AXIAL * AXIAL + 2 * RADIAL * RADIAL);

    /** In voxels. */
    static final double VOLUME = 4.0 / 3.0 * Math.PI * Math.pow(RADIUS, 3);

    private static final int DIRECTIONS = 32;
    private static final double B_VALUE = 1000;

    private TensorBall() {}

    /** b-values, in FSL's form. */
    static String bval() {
        return "0" + (" " + B_VALUE).repeat(DIRECTIONS);
    }

    /** Gradient directions, in FSL's form. */
    static String bvec() {
        StringBuilder text = new StringBuilder();
        for (int axis = 0; axis < 3; axis++) {
            text.append('0');
            for (double[] direction : directions()) {
                text.append(' ').append(direction[axis]);
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** Spread over the sphere on a spiral. */
    private static double[][] directions() {
        double[][] directions = new double[DIRECTIONS][];
        for (int i = 0; i < DIRECTIONS; i++) {
            double z = 1 - (2.0 * i + 1) / DIRECTIONS;
            double angle = Math.PI * (1 + Math.sqrt(5)) * i;
            double r = Math.sqrt(1 - z * z);
            directions[i] = new double[] {r * Math.cos(angle), r * Math.sin(angle), z};
        }
        return directions;
    }

    /** The series as NIfTI. */
    static byte[] series() {
        double[][] directions = directions();
        int volumes = directions.length + 1;
        ByteBuffer image = header(16, volumes);
        for (int v = 0; v < volumes; v++) {
            double x = v == 0 ? 0 : directions[v - 1][0];
            double diffusivity = AXIAL * x * x + RADIAL * (1 - x * x);
            double signal = v == 0 ? 1000 : 1000 * Math.exp(-B_VALUE * diffusivity);
            ball(image, signal);
        }
        return image.array();
    }

    /** A volume that is 1 in the ball and 0 elsewhere, as NIfTI. */
    static byte[] mask() {
        ByteBuffer image = header(16, 1);
        ball(image, 1);
        return image.array();
    }

    private static ByteBuffer header(int type, int volumes) {
        ByteBuffer image =
                ByteBuffer.allocate(352 + 4 * SIDE * SIDE * SIDE * volumes).order(ByteOrder.LITTLE_ENDIAN);
        image.putInt(0, 348);
        short[] shape = {(short) (volumes > 1 ? 4 : 3), SIDE, SIDE, SIDE, (short) volumes};
        for (int i = 0; i < shape.length; i++) {
            image.putShort(40 + 2 * i, shape[i]);
        }
        image.putShort(70, (short) type);
        image.putShort(72, (short) 32);
        for (int axis = 0; axis < 3; axis++) {
            image.putFloat(80 + 4 * axis, VOXEL);
            image.putFloat(280 + 16 * axis + 4 * axis, VOXEL);
        }
        image.putFloat(92, 1);
        image.putFloat(108, 352);
        image.putShort(254, (short) 1);
        image.position(344);
        image.put(new byte[] {'n', '+', '1', 0});
        image.position(352);
        return image;
    }

    private static void ball(ByteBuffer image, double inside) {
        double outside = inside == 1 ? 0 : 2;
        double centre = (SIDE - 1) / 2.0;
        for (int k = 0; k < SIDE; k++) {
            for (int j = 0; j < SIDE; j++) {
                for (int i = 0; i < SIDE; i++) {
                    double distance = Math.pow(i - centre, 2) + Math.pow(j - centre, 2) + Math.pow(k - centre, 2);
                    image.putFloat((float) (distance <= RADIUS * RADIUS ? inside : outside));
                }
            }
        }
    }
}
