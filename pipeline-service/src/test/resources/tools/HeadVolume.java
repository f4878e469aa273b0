import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * Volume of the head in ml and histogram of the intensities of a 3-D NIfTI image. The head is what is brighter than the
 * threshold of Otsu (IEEE Trans Syst Man Cybern 9:62-66, 1979); no hole is filled. One file without libraries, run by {@code java HeadVolume.java}.
 */
public final class HeadVolume {

    private static final int UNREADABLE = 2;
    private static final int NOT_AN_IMAGE_OF_A_HEAD = 3;

    private HeadVolume() {}

    /** What of a NIfTI header matters here. */
    private record Header(
            ByteOrder order, int type, long voxels, long offset, double slope, double intercept, double voxelVolume) {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 5) {
            System.err.println("usage: HeadVolume.java IMAGE BINS SUMMARY.json HISTOGRAM.tsv MEASURES.tsv");
            System.exit(1);
        }
        try {
            run(Path.of(arguments[0]), Integer.parseInt(arguments[1]), Path.of(arguments[2]), Path.of(arguments[3]), Path.of(arguments[4]));
        } catch (UnreadableException e) {
            System.err.println(e.getMessage());
            System.exit(UNREADABLE);
        } catch (FlatException e) {
            System.err.println(e.getMessage());
            System.exit(NOT_AN_IMAGE_OF_A_HEAD);
        }
    }

    private static void run(Path image, int bins, Path summary, Path histogram, Path measures)
            throws IOException, UnreadableException, FlatException {
        Header header = header(image);
        double[] range = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        each(image, header, value -> {
            range[0] = Math.min(range[0], value);
            range[1] = Math.max(range[1], value);
        });
        double low = range[0];
        double width = (range[1] - low) / bins;
        if (!(width > 0)) {
            throw new FlatException("all voxels are " + low + ": there is nothing to separate from air");
        }
        long[] counts = new long[bins];
        double[] sums = new double[bins];
        each(image, header, value -> {
            int bin = (int) Math.min(bins - 1, (value - low) / width);
            counts[bin]++;
            sums[bin] += value;
        });
        int lastOfAir = otsu(counts, sums);
        long head = 0;
        double headSum = 0;
        for (int bin = lastOfAir + 1; bin < bins; bin++) {
            head += counts[bin];
            headSum += sums[bin];
        }
        writeHistogram(histogram, counts, low, width);
        try (PrintStream out = open(summary)) {
            out.printf(Locale.ROOT, "{%n  \"HeadVolume\": {\"Value\": %.3f, \"Unit\": \"ml\"},%n", head * header.voxelVolume() / 1000);
            out.printf(Locale.ROOT, "  \"Threshold\": {\"Value\": %.6g, \"Unit\": \"image intensity\", \"Method\": \"Otsu\"},%n", low + (lastOfAir + 1) * width);
            out.printf(Locale.ROOT, "  \"MeanIntensityOfHead\": {\"Value\": %.6g, \"Unit\": \"image intensity\"},%n", headSum / head);
            out.printf(Locale.ROOT, "  \"VoxelVolume\": {\"Value\": %.6g, \"Unit\": \"mm3\"},%n", header.voxelVolume());
            out.printf(Locale.ROOT, "  \"HeadVoxels\": %d,%n  \"Voxels\": %d,%n  \"Bins\": %d%n}%n", head, header.voxels(), bins);
            requireWritten(out, summary);
        }
        try (PrintStream out = open(measures)) {
            out.print("measure\tregion\tunit\tvalue\n");
            out.printf(Locale.ROOT, "volume\thead\tml\t%.3f\n", head * header.voxelVolume() / 1000);
            out.printf(Locale.ROOT, "intensity_mean\thead\t1\t%.6g\n", headSum / head);
            requireWritten(out, measures);
        }
    }

    private static void writeHistogram(Path file, long[] counts, double low, double width) throws IOException {
        try (PrintStream out = open(file)) {
            out.print("from\tto\tvoxels\n");
            for (int bin = 0; bin < counts.length; bin++) {
                out.printf(Locale.ROOT, "%.6g\t%.6g\t%d\n", low + bin * width, low + (bin + 1) * width, counts[bin]);
            }
            requireWritten(out, file);
        }
    }

    /** The last bin of the darker class when the variance between both classes is largest. */
    private static int otsu(long[] counts, double[] sums) {
        double all = 0;
        double allSum = 0;
        for (int bin = 0; bin < counts.length; bin++) {
            all += counts[bin];
            allSum += sums[bin];
        }
        double dark = 0;
        double darkSum = 0;
        double best = -1;
        int bestBin = 0;
        for (int bin = 0; bin < counts.length - 1; bin++) {
            dark += counts[bin];
            darkSum += sums[bin];
            double bright = all - dark;
            if (dark > 0 && bright > 0) {
                double difference = darkSum / dark - (allSum - darkSum) / bright;
                double between = dark * bright * difference * difference;
                if (between > best) {
                    best = between;
                    bestBin = bin;
                }
            }
        }
        return bestBin;
    }

    private interface Voxel {
        void value(double value);
    }

    /** Every finite voxel, scaled, one after another from the stream. */
    private static void each(Path image, Header header, Voxel voxel) throws IOException, UnreadableException {
        int size = bytes(header.type());
        byte[] buffer = new byte[size * 8192];
        ByteBuffer values = ByteBuffer.wrap(buffer).order(header.order());
        try (DataInputStream in = stream(image)) {
            in.skipNBytes(header.offset());
            for (long left = header.voxels(); left > 0; ) {
                int now = (int) Math.min(8192, left);
                in.readFully(buffer, 0, now * size);
                for (int i = 0; i < now; i++) {
                    double value = raw(values, i * size, header.type()) * header.slope() + header.intercept();
                    if (Double.isFinite(value)) {
                        voxel.value(value);
                    }
                }
                left -= now;
            }
        } catch (EOFException e) {
            throw new UnreadableException("the image ends before its last voxel");
        }
    }

    private static Header header(Path image) throws IOException, UnreadableException {
        byte[] bytes;
        try (InputStream in = stream(image)) {
            bytes = in.readNBytes(540);
        }
        if (bytes.length < 348) {
            throw new UnreadableException("the image is too short for a NIfTI header");
        }
        ByteBuffer h = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int length = h.getInt(0);
        if (length != 348 && length != 540) {
            h.order(ByteOrder.BIG_ENDIAN);
            length = h.getInt(0);
        }
        if (length != 348 && (length != 540 || bytes.length < 540)) {
            throw new UnreadableException("the image is no NIfTI: its header says it is " + length + " bytes long");
        }
        boolean second = length == 540;
        long dimensions = second ? h.getLong(16) : h.getShort(40);
        long voxels = 1;
        for (int d = 1; d <= dimensions && d <= 7; d++) {
            long n = second ? h.getLong(16 + 8 * d) : h.getShort(40 + 2 * d);
            if (n < 1 || (d > 3 && n > 1)) {
                throw new UnreadableException("the image is not 3-D: dimension " + d + " is " + n);
            }
            voxels *= n;
        }
        if (dimensions < 3 || dimensions > 7 || voxels > 1L << 31) {
            throw new UnreadableException("the image is not 3-D: it has " + dimensions + " dimensions, " + voxels + " voxels");
        }
        int type = h.getShort(second ? 12 : 70);
        if (bytes(type) == 0) {
            throw new UnreadableException("voxels of NIfTI type " + type + " are not read here");
        }
        double slope = second ? h.getDouble(176) : h.getFloat(112);
        double intercept = second ? h.getDouble(184) : h.getFloat(116);
        boolean scaled = slope != 0 && Double.isFinite(slope) && Double.isFinite(intercept);
        int units = (second ? h.getInt(500) : bytes[123]) & 7;
        // Metres and micrometres are allowed; anything else is taken for millimetres, as all writers mean it.
        double toMillimetre = units == 1 ? 1000 : units == 3 ? 0.001 : 1;
        double volume = 1;
        for (int d = 1; d <= 3; d++) {
            volume *= Math.abs(second ? h.getDouble(104 + 8 * d) : h.getFloat(76 + 4 * d)) * toMillimetre;
        }
        if (!(volume > 0) || !Double.isFinite(volume)) {
            throw new UnreadableException("the image does not say how large its voxels are");
        }
        long offset = second ? h.getLong(168) : (long) h.getFloat(108);
        if (offset < length) {
            throw new UnreadableException("the image says that its voxels begin at byte " + offset + ", in its header");
        }
        return new Header(h.order(), type, voxels, offset, scaled ? slope : 1, scaled ? intercept : 0, volume);
    }

    private static int bytes(int type) {
        return switch (type) {
            case 2, 256 -> 1;
            case 4, 512 -> 2;
            case 8, 16, 768 -> 4;
            case 64, 1024, 1280 -> 8;
            default -> 0;
        };
    }

    private static double raw(ByteBuffer values, int at, int type) {
        return switch (type) {
            case 2 -> values.get(at) & 0xFF;
            case 256 -> values.get(at);
            case 4 -> values.getShort(at);
            case 512 -> values.getShort(at) & 0xFFFF;
            case 8 -> values.getInt(at);
            case 768 -> values.getInt(at) & 0xFFFFFFFFL;
            case 16 -> values.getFloat(at);
            case 64 -> values.getDouble(at);
            default -> values.getLong(at);
        };
    }

    private static DataInputStream stream(Path image) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(image), 1 << 16);
        in.mark(2);
        boolean gzip = in.read() == 0x1F && in.read() == 0x8B;
        in.reset();
        return new DataInputStream(gzip ? new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16) : in);
    }

    private static PrintStream open(Path file) throws IOException {
        return new PrintStream(new BufferedOutputStream(Files.newOutputStream(file)), false, StandardCharsets.UTF_8);
    }

    private static void requireWritten(PrintStream out, Path file) throws IOException {
        if (out.checkError()) {
            throw new IOException(file.getFileName() + " could not be written");
        }
    }

    private static final class UnreadableException extends Exception {
        UnreadableException(String message) {
            super(message);
        }
    }

    private static final class FlatException extends Exception {
        FlatException(String message) {
            super(message);
        }
    }
}
