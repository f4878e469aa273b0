package org.datman.imaging.nifti;

import java.nio.ByteBuffer;

/** Stored voxels to numbers and back. */
final class VoxelCodec {

    private VoxelCodec() {}

    /** Decodes {@code count} voxels from the start of {@code in}, in its byte order, to {@code out[at…]}, scaled. */
    static void decode(
            NiftiDataType type, ByteBuffer in, float[] out, int at, int count, double slope, double intercept) {
        switch (type) {
            case UINT8 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i] = in.get(i) & 0xff;
                }
            }
            case INT8 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i] = in.get(i);
                }
            }
            case INT16 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i] = in.getShort(2 * i);
                }
            }
            case UINT16 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i] = in.getShort(2 * i) & 0xffff;
                }
            }
            case FLOAT32 -> {
                for (int i = 0; i < count; i++) {
                    out[at + i] = in.getFloat(4 * i);
                }
            }
            case INT32, UINT32, INT64, UINT64, FLOAT64 -> {
                // Wide types are scaled in double precision, before rounding to float.
                for (int i = 0; i < count; i++) {
                    out[at + i] = (float) (wide(type, in, i) * slope + intercept);
                }
                return;
            }
            default -> throw new IllegalArgumentException(type + " voxels are not single real numbers");
        }
        if (slope != 1 || intercept != 0) {
            for (int i = at; i < at + count; i++) {
                out[i] = (float) (out[i] * slope + intercept);
            }
        }
    }

    private static double wide(NiftiDataType type, ByteBuffer in, int i) {
        return switch (type) {
            case INT32 -> in.getInt(4 * i);
            case UINT32 -> in.getInt(4 * i) & 0xffffffffL;
            case INT64 -> in.getLong(8 * i);
            case UINT64 -> unsigned(in.getLong(8 * i));
            default -> in.getDouble(8 * i);
        };
    }

    private static double unsigned(long value) {
        return value >= 0 ? value : (value >>> 1 | value & 1) * 2.0;
    }

    /**
     * Encodes {@code count} values from {@code in[at…]}, undoing the scaling and rounding to the nearest stored value.
     *
     * @throws IllegalArgumentException if a value does not fit the type: clipping would falsify the image
     */
    static void encode(
            NiftiDataType type, float[] in, int at, int count, ByteBuffer out, double slope, double intercept) {
        boolean integral = type.integral();
        for (int i = 0; i < count; i++) {
            double value = (in[at + i] - intercept) / slope;
            if (integral) {
                value = Math.rint(value);
                if (!(value >= type.min() && value <= type.max())) {
                    throw new IllegalArgumentException("voxel " + (at + i) + " of the volume is " + in[at + i]
                            + ", which " + type + " with slope " + slope + " and intercept " + intercept
                            + " cannot store");
                }
            }
            switch (type) {
                case UINT8, INT8 -> out.put(i, (byte) value);
                case INT16, UINT16 -> out.putShort(2 * i, (short) (int) value);
                case INT32, UINT32 -> out.putInt(4 * i, (int) (long) value);
                case INT64 -> out.putLong(8 * i, (long) value);
                case UINT64 -> out.putLong(8 * i, toUnsigned(value));
                case FLOAT32 -> out.putFloat(4 * i, (float) value);
                case FLOAT64 -> out.putDouble(8 * i, value);
                default -> throw new IllegalArgumentException(type + " voxels are not single real numbers");
            }
        }
    }

    private static long toUnsigned(double value) {
        if (value >= 0x1p64) {
            return -1;
        }
        return value < 0x1p63 ? (long) value : (long) (value - 0x1p63) ^ Long.MIN_VALUE;
    }
}
