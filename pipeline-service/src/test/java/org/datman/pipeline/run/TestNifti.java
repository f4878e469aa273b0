package org.datman.pipeline.run;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** NIfTI-1 images of floats that tests make. */
final class TestNifti {

    private static final int HEADER = 352;

    private TestNifti() {}

    /**
     * An image whose sides have one length.
     *
     * @param side in voxels
     * @param voxel side of a voxel in mm
     * @param volumes with x fastest; one volume is a 3-D image
     */
    static byte[] of(int side, float voxel, float[]... volumes) {
        ByteBuffer image = ByteBuffer.allocate(HEADER + 4 * side * side * side * volumes.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        image.putInt(0, 348);
        short[] shape = {
            (short) (volumes.length > 1 ? 4 : 3),
            (short) side,
            (short) side,
            (short) side,
            (short) volumes.length,
            1,
            1,
            1
        };
        for (int i = 0; i < shape.length; i++) {
            image.putShort(40 + 2 * i, shape[i]);
        }
        image.putShort(70, (short) 16);
        image.putShort(72, (short) 32);
        for (int axis = 0; axis < 3; axis++) {
            image.putFloat(80 + 4 * axis, voxel);
            image.putFloat(280 + 16 * axis + 4 * axis, voxel);
        }
        image.putFloat(76, 1);
        image.putFloat(92, 1);
        image.putFloat(108, HEADER);
        image.putFloat(112, 1);
        image.put(123, (byte) 10);
        image.putShort(254, (short) 1);
        image.position(344);
        image.put(new byte[] {'n', '+', '1', 0});
        image.position(HEADER);
        for (float[] volume : volumes) {
            for (float value : volume) {
                image.putFloat(value);
            }
        }
        return image.array();
    }
}
