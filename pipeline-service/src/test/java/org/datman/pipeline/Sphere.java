package org.datman.pipeline;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A NIfTI-1 image of a bright sphere in dim noise, whose volume is known. */
final class Sphere {

    private static final int SIDE = 40;
    private static final float VOXEL_MM = 1.5f;
    private static final double RADIUS_MM = 20;

    /** Volume of the sphere in ml: four thirds of pi r cubed. */
    static final double MILLILITRES = 4.0 / 3.0 * Math.PI * Math.pow(RADIUS_MM, 3) / 1000;

    private Sphere() {}

    static byte[] nifti(int brightness) {
        ByteBuffer image = ByteBuffer.allocate(352 + 2 * SIDE * SIDE * SIDE).order(ByteOrder.LITTLE_ENDIAN);
        image.putInt(0, 348);
        image.putShort(40, (short) 3);
        for (int d = 1; d <= 3; d++) {
            image.putShort(40 + 2 * d, (short) SIDE);
            image.putFloat(76 + 4 * d, VOXEL_MM);
        }
        image.putShort(70, (short) 4);
        image.putShort(72, (short) 16);
        image.putFloat(108, 352);
        image.put(123, (byte) 2);
        image.position(344);
        image.put(new byte[] {'n', '+', '1', 0});
        image.position(352);
        for (int k = 0; k < SIDE; k++) {
            for (int j = 0; j < SIDE; j++) {
                for (int i = 0; i < SIDE; i++) {
                    double x = (i - SIDE / 2.0 + 0.5) * VOXEL_MM;
                    double y = (j - SIDE / 2.0 + 0.5) * VOXEL_MM;
                    double z = (k - SIDE / 2.0 + 0.5) * VOXEL_MM;
                    boolean inside = x * x + y * y + z * z <= RADIUS_MM * RADIUS_MM;
                    int ripple = (i * 7 + j * 13 + k * 29) % 20;
                    image.putShort((short) ((inside ? brightness : 10) + ripple));
                }
            }
        }
        return image.array();
    }
}
