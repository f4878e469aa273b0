package org.datman.imaging.nifti;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.datman.imaging.ImageFormatException;

/** Header bytes to {@link NiftiHeader} and back: the field offsets of the NIfTI-1 and NIfTI-2 standards. */
final class NiftiHeaderCodec {

    static final int SIZE_1 = 348;
    static final int SIZE_2 = 540;
    /** Header plus the four extension flag bytes. */
    static final int FIRST_VOXEL_1 = 352;

    static final int FIRST_VOXEL_2 = 544;

    private static final String CORRUPT = "the header is corrupt; fetch or convert the file again";

    private NiftiHeaderCodec() {}

    /** Header version from the first four bytes, negative if the file is big-endian; so -2 is a big-endian NIfTI-2. */
    static int signedVersion(byte[] start) throws ImageFormatException {
        ByteBuffer bytes = ByteBuffer.wrap(start);
        int little = bytes.order(ByteOrder.LITTLE_ENDIAN).getInt(0);
        int big = bytes.order(ByteOrder.BIG_ENDIAN).getInt(0);
        if (little == SIZE_1 || little == SIZE_2) {
            return little == SIZE_1 ? 1 : 2;
        }
        if (big == SIZE_1 || big == SIZE_2) {
            return big == SIZE_1 ? -1 : -2;
        }
        throw new ImageFormatException(
                "sizeof_hdr",
                0,
                "is " + little + ", neither 348 (NIfTI-1) nor 540 (NIfTI-2) in either byte order",
                "this is not a NIfTI file, or its beginning was overwritten");
    }

    /** Decodes a whole header of 348 or 540 bytes. */
    static NiftiHeader decode(byte[] header) throws ImageFormatException {
        int signed = signedVersion(header);
        ByteOrder order = signed < 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        ByteBuffer in = ByteBuffer.wrap(header).order(order);
        return Math.abs(signed) == 1 ? decode1(in, order) : decode2(in, order);
    }

    private static NiftiHeader decode1(ByteBuffer in, ByteOrder order) throws ImageFormatException {
        String magic = ascii(in, 344, 4);
        if (magic.equals("ni1")) {
            throw pair(344);
        }
        if (!magic.equals("n+1")) {
            throw new ImageFormatException(
                    "magic", 344, "is not \"n+1\"", "an Analyze 7.5 header or a corrupt file; convert it to NIfTI");
        }
        List<Integer> dims = dims(in, 40, 2);
        NiftiDataType type = dataType(in.getShort(70), 70, in.getShort(72), 72);
        List<Double> pixdims = pixdims(in, 76, 4, dims.size());
        float voxOffset = in.getFloat(108);
        NiftiHeader header = new NiftiHeader(
                1,
                order,
                type,
                dims,
                pixdims,
                in.getFloat(112),
                in.getFloat(116),
                qform(in, in.getShort(252), in.getFloat(76), 256, 4),
                sform(in, in.getShort(254), 280, 4),
                in.get(39) & 0xff,
                in.get(123) & 0xff,
                in.get(122) & 0xff,
                in.getFloat(132),
                in.getShort(68),
                ascii(in, 148, 80),
                ascii(in, 228, 24),
                ascii(in, 328, 16),
                voxOffset(voxOffset, FIRST_VOXEL_1, 108));
        checkSize(header, 40);
        return header;
    }

    private static NiftiHeader decode2(ByteBuffer in, ByteOrder order) throws ImageFormatException {
        String magic = ascii(in, 4, 8);
        if (magic.startsWith("ni2")) {
            throw pair(4);
        }
        if (!magic.equals("n+2")) {
            throw new ImageFormatException("magic", 4, "is not \"n+2\"", CORRUPT);
        }
        if (in.get(8) != '\r' || in.get(9) != '\n' || in.get(10) != 0x1a || in.get(11) != '\n') {
            throw new ImageFormatException(
                    "magic",
                    8,
                    "its line-end bytes were changed",
                    "the file went through a text-mode transfer; fetch it again in binary mode");
        }
        List<Integer> dims = dims(in, 16, 8);
        NiftiDataType type = dataType(in.getShort(12), 12, in.getShort(14), 14);
        List<Double> pixdims = pixdims(in, 104, 8, dims.size());
        NiftiHeader header = new NiftiHeader(
                2,
                order,
                type,
                dims,
                pixdims,
                in.getDouble(176),
                in.getDouble(184),
                qform(in, in.getInt(344), in.getDouble(104), 352, 8),
                sform(in, in.getInt(348), 400, 8),
                in.get(524) & 0xff,
                in.getInt(500),
                in.getInt(496),
                in.getDouble(208),
                in.getInt(504),
                ascii(in, 240, 80),
                ascii(in, 320, 24),
                ascii(in, 508, 16),
                voxOffset(in.getLong(168), FIRST_VOXEL_2, 168));
        checkSize(header, 16);
        return header;
    }

    private static ImageFormatException pair(int offset) {
        return new ImageFormatException(
                "magic",
                offset,
                "says that the voxels are in a separate .img file",
                "DATMAN reads single .nii files; join the pair with a converter");
    }

    private static double real(ByteBuffer in, int offset, int width) {
        return width == 4 ? in.getFloat(offset) : in.getDouble(offset);
    }

    private static List<Integer> dims(ByteBuffer in, int offset, int width) throws ImageFormatException {
        long rank = width == 2 ? in.getShort(offset) : in.getLong(offset);
        if (rank < 1 || rank > 7) {
            throw new ImageFormatException("dim[0]", offset, "is " + rank + ", not 1 to 7", CORRUPT);
        }
        List<Integer> dims = new ArrayList<>();
        for (int i = 1; i <= rank; i++) {
            int at = offset + i * width;
            long size = width == 2 ? in.getShort(at) : in.getLong(at);
            if (size < 1 || size > Integer.MAX_VALUE) {
                throw new ImageFormatException("dim[" + i + "]", at, "is " + size + ", not a usable size", CORRUPT);
            }
            dims.add((int) size);
        }
        return dims;
    }

    private static NiftiDataType dataType(int code, int at, int bitpix, int bitpixAt) throws ImageFormatException {
        NiftiDataType type = NiftiDataType.ofCode(code)
                .orElseThrow(() -> new ImageFormatException(
                        "datatype",
                        at,
                        "code " + code + " is no type of the standard that can be read",
                        "a bitmap, an unfinished or a corrupt file; convert it to int16 or float32"));
        if (bitpix != type.bytes() * 8) {
            throw new ImageFormatException(
                    "bitpix",
                    bitpixAt,
                    "is " + bitpix + ", but " + type + " has " + type.bytes() * 8 + " bits per voxel",
                    CORRUPT);
        }
        return type;
    }

    private static List<Double> pixdims(ByteBuffer in, int offset, int width, int rank) throws ImageFormatException {
        List<Double> pixdims = new ArrayList<>();
        for (int i = 1; i <= 7; i++) {
            int at = offset + i * width;
            double size = real(in, at, width);
            if (i <= Math.min(rank, 4) && !Double.isFinite(size)) {
                throw new ImageFormatException("pixdim[" + i + "]", at, "is not a number", CORRUPT);
            }
            pixdims.add(size);
        }
        return pixdims;
    }

    private static QForm qform(ByteBuffer in, int code, double qfac, int offset, int width)
            throws ImageFormatException {
        if (code <= 0) {
            return QForm.ABSENT;
        }
        double[] v = new double[6];
        for (int i = 0; i < 6; i++) {
            v[i] = real(in, offset + i * width, width);
            if (!Double.isFinite(v[i])) {
                throw new ImageFormatException(
                        i < 3 ? "quatern" : "qoffset", offset + i * width, "is not a number", CORRUPT);
            }
        }
        return new QForm(code, qfac < 0 ? -1 : 1, v[0], v[1], v[2], v[3], v[4], v[5]);
    }

    private static SForm sform(ByteBuffer in, int code, int offset, int width) throws ImageFormatException {
        if (code <= 0) {
            return SForm.ABSENT;
        }
        List<Double> rows = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            double value = real(in, offset + i * width, width);
            if (!Double.isFinite(value)) {
                throw new ImageFormatException("srow", offset + i * width, "is not a number", CORRUPT);
            }
            rows.add(value);
        }
        return new SForm(code, rows);
    }

    private static long voxOffset(double value, int smallest, int at) throws ImageFormatException {
        if (!(value >= smallest) || value > Long.MAX_VALUE / 2.0 || value != Math.rint(value)) {
            throw new ImageFormatException(
                    "vox_offset", at, "is " + value + ", not a whole number of at least " + smallest, CORRUPT);
        }
        return (long) value;
    }

    /** The whole file must be addressable: later arithmetic on sizes is then safe from overflow. */
    private static void checkSize(NiftiHeader header, int dimOffset) throws ImageFormatException {
        try {
            long bytes = header.dataType().bytes();
            for (int dim : header.dims()) {
                bytes = Math.multiplyExact(bytes, dim);
            }
            Math.addExact(bytes, header.voxOffset());
        } catch (ArithmeticException e) {
            throw new ImageFormatException("dim", dimOffset, "the product of all dims overflows", CORRUPT, e);
        }
    }

    private static String ascii(ByteBuffer in, int offset, int length) {
        int end = offset;
        while (end < offset + length && in.get(end) != 0) {
            end++;
        }
        return new String(in.array(), offset, end - offset, StandardCharsets.ISO_8859_1);
    }

    /** Header bytes up to the first voxel; the reserved space is zero, so the same header always gives the same bytes. */
    static byte[] encode(NiftiHeader header) {
        if (header.voxOffset() > 1 << 20) {
            throw new IllegalArgumentException("vox_offset " + header.voxOffset() + " leaves a needless gap");
        }
        byte[] bytes = new byte[Math.toIntExact(header.voxOffset())];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(header.byteOrder());
        if (header.version() == 1) {
            encode1(header, out);
        } else {
            encode2(header, out);
        }
        return bytes;
    }

    private static void encode1(NiftiHeader h, ByteBuffer out) {
        out.putInt(0, SIZE_1);
        out.put(38, (byte) 'r');
        out.put(39, (byte) h.dimInfo());
        out.putShort(40, (short) h.dims().size());
        for (int i = 1; i <= 7; i++) {
            int dim = i <= h.dims().size() ? h.dims().get(i - 1) : 1;
            if (dim > Short.MAX_VALUE) {
                throw new IllegalArgumentException("dim[" + i + "] = " + dim + " needs NIfTI-2");
            }
            out.putShort(40 + 2 * i, (short) dim);
            out.putFloat(76 + 4 * i, h.pixdims().get(i - 1).floatValue());
        }
        out.putFloat(76, (float) h.qform().qfac());
        out.putShort(68, (short) h.intentCode());
        out.putShort(70, (short) h.dataType().code());
        out.putShort(72, (short) (h.dataType().bytes() * 8));
        out.putFloat(108, h.voxOffset());
        out.putFloat(112, (float) h.sclSlope());
        out.putFloat(116, (float) h.sclInter());
        out.put(122, (byte) h.sliceCode());
        out.put(123, (byte) h.xyztUnits());
        out.putFloat(132, (float) h.sliceDuration());
        putAscii(out, 148, 80, h.description());
        putAscii(out, 228, 24, h.auxFile());
        out.putShort(252, (short) h.qform().code());
        out.putShort(254, (short) h.sform().code());
        double[] q = quaternion(h.qform());
        for (int i = 0; i < 6; i++) {
            out.putFloat(256 + 4 * i, (float) q[i]);
        }
        for (int i = 0; i < 12; i++) {
            out.putFloat(280 + 4 * i, h.sform().rows().get(i).floatValue());
        }
        putAscii(out, 328, 16, h.intentName());
        out.put(344, new byte[] {'n', '+', '1', 0});
    }

    private static void encode2(NiftiHeader h, ByteBuffer out) {
        out.putInt(0, SIZE_2);
        out.put(4, new byte[] {'n', '+', '2', 0, '\r', '\n', 0x1a, '\n'});
        out.putShort(12, (short) h.dataType().code());
        out.putShort(14, (short) (h.dataType().bytes() * 8));
        out.putLong(16, h.dims().size());
        for (int i = 1; i <= 7; i++) {
            out.putLong(16 + 8 * i, i <= h.dims().size() ? h.dims().get(i - 1) : 1);
            out.putDouble(104 + 8 * i, h.pixdims().get(i - 1));
        }
        out.putDouble(104, h.qform().qfac());
        out.putLong(168, h.voxOffset());
        out.putDouble(176, h.sclSlope());
        out.putDouble(184, h.sclInter());
        out.putDouble(208, h.sliceDuration());
        putAscii(out, 240, 80, h.description());
        putAscii(out, 320, 24, h.auxFile());
        out.putInt(344, h.qform().code());
        out.putInt(348, h.sform().code());
        double[] q = quaternion(h.qform());
        for (int i = 0; i < 6; i++) {
            out.putDouble(352 + 8 * i, q[i]);
        }
        for (int i = 0; i < 12; i++) {
            out.putDouble(400 + 8 * i, h.sform().rows().get(i));
        }
        out.putInt(496, h.sliceCode());
        out.putInt(500, h.xyztUnits());
        out.putInt(504, h.intentCode());
        putAscii(out, 508, 16, h.intentName());
        out.put(524, (byte) h.dimInfo());
    }

    private static double[] quaternion(QForm q) {
        return new double[] {q.b(), q.c(), q.d(), q.x(), q.y(), q.z()};
    }

    private static void putAscii(ByteBuffer out, int offset, int length, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        out.put(offset, bytes, 0, Math.min(bytes.length, length - 1));
    }
}
