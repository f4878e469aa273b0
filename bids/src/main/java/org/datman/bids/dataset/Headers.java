package org.datman.bids.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.bids.expression.Absent;

/**
 * Headers of images and archives as the rules name their fields. They are read as they stand, also when they make no sense: that is what
 * the rules find out.
 */
public final class Headers {

    private static final int NIFTI1 = 348;
    private static final int NIFTI2 = 540;

    private static final List<String> SPACE_UNITS = List.of("unknown", "meter", "mm", "um");
    private static final List<String> TIME_UNITS = List.of("unknown", "sec", "msec", "usec");

    private Headers() {}

    /**
     * The header of a NIfTI image, compressed or not; empty if it is none. Needs only the first 1,024 bytes of the file.
     *
     * @throws IOException if the file cannot be read
     */
    public static Optional<Map<String, Object>> nifti(DatasetFile file) throws IOException {
        byte[] start = Contents.start(file, 1024);
        try {
            byte[] plain = isGzip(start) ? Contents.decompress(start, NIFTI2) : start;
            if (plain.length >= NIFTI1 && plain[344] == 'n' && plain[345] == '+' && plain[346] == '1') {
                return ordered(plain, NIFTI1).map(Headers::nifti1);
            }
            if (plain.length >= NIFTI2 && plain[4] == 'n' && plain[5] == '+' && plain[6] == '2') {
                return ordered(plain, NIFTI2).map(Headers::nifti2);
            }
            return Optional.empty();
        } catch (IOException noGzip) {
            return Optional.empty();
        }
    }

    /** The bytes in the order in which they begin with the length of the header. */
    private static Optional<ByteBuffer> ordered(byte[] bytes, int length) {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
            if (buffer.getInt(0) == length) {
                return Optional.of(buffer);
            }
        }
        return Optional.empty();
    }

    private static Map<String, Object> nifti1(ByteBuffer header) {
        double[] dims = new double[8];
        double[] pixdims = new double[8];
        for (int i = 0; i < 8; i++) {
            dims[i] = header.getShort(40 + 2 * i);
            pixdims[i] = header.getFloat(76 + 4 * i);
        }
        int qform = header.getShort(252);
        int sform = header.getShort(254);
        double[][] axes = new double[3][3];
        if (qform > 0 && sform < qform) {
            axes = rotation(header.getFloat(256), header.getFloat(260), header.getFloat(264), pixdims);
        } else if (sform > 0) {
            for (int i = 0; i < 9; i++) {
                axes[i / 3][i % 3] = header.getFloat(280 + (i / 3 * 4 + i % 3) * 4);
            }
        } else if (qform < 1) {
            for (int i = 0; i < 3; i++) {
                axes[i][i] = pixdims[i + 1];
            }
        }
        return fields(dims, pixdims, header.get(39), header.get(123), qform, sform, axes);
    }

    /** The affine of NIfTI-2 is taken from the sform, whatever the codes say: so does the official validator. */
    private static Map<String, Object> nifti2(ByteBuffer header) {
        double[] dims = new double[8];
        double[] pixdims = new double[8];
        for (int i = 0; i < 8; i++) {
            dims[i] = header.getLong(16 + 8 * i);
            pixdims[i] = header.getDouble(104 + 8 * i);
        }
        double[][] axes = new double[3][3];
        for (int i = 0; i < 9; i++) {
            axes[i / 3][i % 3] = header.getDouble(400 + (i / 3 * 4 + i % 3) * 8);
        }
        return fields(dims, pixdims, header.get(524), header.getInt(500), header.getInt(344), header.getInt(348), axes);
    }

    private static Map<String, Object> fields(
            double[] dims, double[] pixdims, int dimInfo, int units, int qform, int sform, double[][] axes) {
        int count = (int) Math.max(0, Math.min(7, dims[0]));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("dim", list(dims, 0, 8, false));
        fields.put("pixdim", list(pixdims, 0, 8, true));
        fields.put("shape", list(dims, 1, count + 1, false));
        fields.put("voxel_sizes", list(pixdims, 1, count + 1, false));
        fields.put(
                "dim_info",
                Map.of(
                        "freq", (double) (dimInfo & 3),
                        "phase", (double) (dimInfo >> 2 & 3),
                        "slice", (double) (dimInfo >> 4 & 3)));
        fields.put("xyzt_units", Map.of("xyz", SPACE_UNITS.get(units & 3), "t", TIME_UNITS.get(units >> 3 & 3)));
        fields.put("qform_code", (double) qform);
        fields.put("sform_code", (double) sform);
        fields.put("axis_codes", axisCodes(axes));
        return fields;
    }

    /** Spacings that rules compare with sidecars are rounded to three decimal places, as the official validator does. */
    private static List<Object> list(double[] values, int from, int to, boolean rounded) {
        List<Object> list = new ArrayList<>();
        for (int i = from; i < to; i++) {
            list.add(rounded ? round(values[i]) : values[i]);
        }
        return list;
    }

    /** To three decimal places, halves upwards. */
    public static double round(double value) {
        return Double.isFinite(value) ? Math.floor(value * 1000 + 0.5) / 1000 : value;
    }

    /** Rotation and spacing of a quaternion: NIfTI-1 standard, method 2. */
    private static double[][] rotation(double b, double c, double d, double[] pixdims) {
        double a = Math.sqrt(1 - (b * b + c * c + d * d));
        double handedness = pixdims[0] == 0 ? 1 : pixdims[0];
        double[][] axes = {
            {a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)},
            {2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)},
            {2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - c * c - b * b}
        };
        for (double[] row : axes) {
            for (int column = 0; column < 3; column++) {
                row[column] *= pixdims[column + 1] * (column == 2 ? handedness : 1);
            }
        }
        return axes;
    }

    /**
     * Where each voxel axis mainly points: R or L, A or P, S or I. Shear is removed first (Gram-Schmidt, x then y then z); the axis that is
     * nearest to a direction of the body chooses first. Null where the matrix has a value that is no number.
     */
    private static Object axisCodes(double[][] affine) {
        double[][] axes = new double[3][];
        for (int i = 0; i < 3; i++) {
            double[] axis = {affine[0][i], affine[1][i], affine[2][i]};
            if (!Double.isFinite(axis[0] + axis[1] + axis[2])) {
                return Absent.NULL;
            }
            double[] straight = axis.clone();
            for (int before = 0; before < i; before++) {
                double along = dot(axes[before], axis);
                for (int j = 0; j < 3; j++) {
                    straight[j] -= along * axes[before][j];
                }
            }
            double length = Math.sqrt(dot(straight, straight));
            axes[i] = new double[] {straight[0] / length, straight[1] / length, straight[2] / length};
        }
        boolean[] chosen = new boolean[3];
        boolean[] taken = new boolean[3];
        Object[] codes = new Object[3];
        String[] directions = {"RL", "AP", "SI"};
        double[] strongest = new double[3];
        for (int i = 0; i < 3; i++) {
            strongest[i] = strongest(axes[i], new boolean[3], true);
        }
        for (int step = 0; step < 3; step++) {
            int axis = -1;
            for (int i = 0; i < 3; i++) {
                if (!chosen[i] && (axis < 0 || strongest[i] > strongest[axis])) {
                    axis = i;
                }
            }
            chosen[axis] = true;
            int direction = (int) strongest(axes[axis], taken, false);
            taken[direction] = true;
            codes[axis] = String.valueOf(directions[direction].charAt(axes[axis][direction] > 0 ? 0 : 1));
        }
        return List.of(codes);
    }

    /** The largest magnitude of an axis among the directions that are free, or its place. */
    private static double strongest(double[] axis, boolean[] taken, boolean magnitude) {
        int best = 0;
        for (int i = 1; i < 3; i++) {
            if ((taken[i] ? 0 : Math.abs(axis[i])) > (taken[best] ? 0 : Math.abs(axis[best]))) {
                best = i;
            }
        }
        return magnitude ? Math.abs(axis[best]) : best;
    }

    private static double dot(double[] one, double[] other) {
        return one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
    }

    private static boolean isGzip(byte[] start) {
        return start.length > 1 && (start[0] & 0xFF) == 0x1F && (start[1] & 0xFF) == 0x8B;
    }

    /**
     * Time, name and comment in the header of a gzip file (RFC 1952): they may give a person away. Empty if it is no gzip file.
     *
     * @throws IOException if the file cannot be read
     */
    public static Optional<Map<String, Object>> gzip(DatasetFile file) throws IOException {
        byte[] start = Contents.start(file, 1024);
        if (!isGzip(start) || start.length < 10) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
        int at = 10;
        int flags = start[3];
        if ((flags & 4) != 0 && start.length >= 12) {
            at += 2 + Short.toUnsignedInt(buffer.getShort(10));
        }
        String name = (flags & 8) == 0 ? "" : textAt(start, at);
        at += (flags & 8) == 0 ? 0 : name.length() + 1;
        String comment = (flags & 16) == 0 ? "" : textAt(start, at);
        return Optional.of(Map.of(
                "timestamp", (double) Integer.toUnsignedLong(buffer.getInt(4)), "filename", name, "comment", comment));
    }

    private static String textAt(byte[] bytes, int from) {
        int end = from;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return end <= from ? "" : new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
    }

    /**
     * The version of a TIFF file: 42, or 43 for BigTIFF; empty if it is none.
     *
     * @throws IOException if the file cannot be read
     */
    public static Optional<Map<String, Object>> tiff(DatasetFile file) throws IOException {
        byte[] start = Contents.start(file, 4);
        if (start.length < 4 || start[0] != start[1] || start[0] != 'I' && start[0] != 'M') {
            return Optional.empty();
        }
        ByteBuffer buffer =
                ByteBuffer.wrap(start).order(start[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        return Optional.of(Map.of("version", (double) Short.toUnsignedInt(buffer.getShort(2))));
    }
}
