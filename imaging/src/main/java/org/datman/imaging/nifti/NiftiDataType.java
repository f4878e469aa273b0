package org.datman.imaging.nifti;

import java.util.Optional;

/** The voxel types of the NIfTI standard, with their codes and sizes. */
public enum NiftiDataType {
    UINT8(2, 1, 1, 0, 255),
    INT16(4, 2, 1, Short.MIN_VALUE, Short.MAX_VALUE),
    INT32(8, 4, 1, Integer.MIN_VALUE, Integer.MAX_VALUE),
    FLOAT32(16, 4, 1, -Float.MAX_VALUE, Float.MAX_VALUE),
    COMPLEX64(32, 4, 2, 0, 0),
    FLOAT64(64, 8, 1, -Double.MAX_VALUE, Double.MAX_VALUE),
    RGB24(128, 1, 3, 0, 0),
    INT8(256, 1, 1, Byte.MIN_VALUE, Byte.MAX_VALUE),
    UINT16(512, 2, 1, 0, 65535),
    UINT32(768, 4, 1, 0, 4294967295.0),
    INT64(1024, 8, 1, -0x1p63, 0x1p63),
    UINT64(1280, 8, 1, 0, 0x1p64),
    FLOAT128(1536, 16, 1, 0, 0),
    COMPLEX128(1792, 8, 2, 0, 0),
    COMPLEX256(2048, 16, 2, 0, 0),
    RGBA32(2304, 1, 4, 0, 0);

    private final int code;
    private final int wordBytes;
    private final int wordsPerVoxel;
    private final double min;
    private final double max;

    NiftiDataType(int code, int wordBytes, int wordsPerVoxel, double min, double max) {
        this.code = code;
        this.wordBytes = wordBytes;
        this.wordsPerVoxel = wordsPerVoxel;
        this.min = min;
        this.max = max;
    }

    /** The type with this NIfTI {@code datatype} code; empty for codes that cannot be stored (0, 1, 255 …). */
    public static Optional<NiftiDataType> ofCode(int code) {
        for (NiftiDataType type : values()) {
            if (type.code == code) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** The {@code datatype} code of the standard. */
    public int code() {
        return code;
    }

    /** Bytes per voxel. */
    public int bytes() {
        return wordBytes * wordsPerVoxel;
    }

    /** Bytes of the unit that byte order applies to: half a complex voxel, one channel of a colour. */
    int wordBytes() {
        return wordBytes;
    }

    /** Whether a voxel is one real number, so that statistics make sense: not colour, not complex. */
    public boolean measurable() {
        return max > 0;
    }

    /** Whether a voxel is a colour: red, green and blue of 8 bit each. */
    public boolean colour() {
        return this == RGB24 || this == RGBA32;
    }

    /** Whether voxels are stored as whole numbers. */
    public boolean integral() {
        return measurable() && this != FLOAT32 && this != FLOAT64;
    }

    /** Smallest value that can be stored. */
    public double min() {
        return min;
    }

    /** Largest value that can be stored. */
    public double max() {
        return max;
    }
}
