package org.datman.export.convert;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.datman.export.dicom.DicomImage;
import org.datman.export.dicom.Pixels;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.dicom.DicomHeader;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.dicom.ReadOptions;
import org.jspecify.annotations.Nullable;

/**
 * Provides copies of files that the converter would skip or misread; the received files are kept unchanged. Observed with
 * Debian's dcm2niix 1.0.20220720: JPEG-LS is skipped (exit code 0 when other files of the folder can be read), JPEG 2000 in more
 * than one fragment is rejected, negative 12-bit numbers are read 4096 too high, even with their signs extended to 16 bits, unless
 * BitsStored is 16 (1.0.20260724 reads them correctly), and of a file with an incomplete volume among complete ones nothing is right.
 */
public final class PixelPreparation {

    /** Advice for compressed images that no installed program reads. */
    private static final String ADVICE =
            "Install gdcmconv (Debian package libgdcm-tools) where the export service runs, then press 'Reconvert'";

    /** Advice for files from which the frames of incomplete volumes cannot be taken out, so that no image is made of them. */
    private static final String ADVICE_UNCUT =
            "Send the series from the scanner again: whole volumes only, uncompressed, or each slice as a DICOM file of its own;"
                    + " the DICOM files are kept in the archive";

    private static final String UNCUT = "frames of incomplete volumes cannot be taken out";
    private static final String NO_GDCMCONV = "gdcmconv (Debian package libgdcm-tools) is not installed";

    private static final int CHUNK = 1 << 16;

    private PixelPreparation() {}

    /**
     * The result.
     *
     * @param images with the received files at their current location
     * @param done as text
     * @param undone failures, as text; those files are unchanged
     * @param uncut whether frames of incomplete volumes are still among them: all volumes that a converter makes of such a file may be
     *     wrong
     */
    public record Prepared(List<DicomImage> images, List<String> done, List<String> undone, boolean uncut) {}

    /**
     * Prepares the files of a series in the converter's input folder.
     *
     * @param brokenFrames frames of incomplete volumes, by the file's name there: it is converted without them
     * @param originals folder for the received files, outside the converter's
     */
    public static Prepared prepare(
            List<DicomImage> images, Map<Path, Set<Integer>> brokenFrames, Path originals, Decompressor decompressor)
            throws IOException {
        List<DicomImage> prepared = new ArrayList<>();
        Map<String, Integer> done = new TreeMap<>();
        Map<String, Integer> undone = new TreeMap<>();
        boolean stuck = false;
        boolean uncut = false;
        for (DicomImage image : images) {
            Path seen = image.file().local();
            Pixels pixels = image.pixels();
            DicomImage kept = image;
            Set<Integer> broken = brokenFrames.getOrDefault(seen, Set.of());
            if (pixels.needsDecompression() || pixels.encapsulated() && (pixels.isShortSigned() || !broken.isEmpty())) {
                Path raw = originals.resolveSibling("decompressed.dcm");
                Decompressor.Outcome outcome = stuck
                        ? Decompressor.Outcome.STOPPED
                        : decompressor.decompress(
                                seen, raw, pixels.compression().equals("JPEG-LS"));
                Pixels plain = outcome == Decompressor.Outcome.DONE ? uncompressed(raw) : null;
                if (plain != null) {
                    kept = setAside(image, originals, prepared.size());
                    Files.move(raw, seen, StandardCopyOption.REPLACE_EXISTING);
                    pixels = plain;
                    done.merge("decompressed from " + image.pixels().compression(), 1, Integer::sum);
                } else {
                    Files.deleteIfExists(raw);
                    stuck |= outcome == Decompressor.Outcome.STOPPED;
                    undone.merge(undone(image.pixels(), outcome), 1, Integer::sum);
                }
            }
            if (!broken.isEmpty()) {
                Path cut = originals.resolveSibling("cut.dcm");
                if (FrameCut.without(broken, seen, cut)) {
                    if (kept.equals(image)) {
                        kept = setAside(image, originals, prepared.size());
                    }
                    Files.move(cut, seen, StandardCopyOption.REPLACE_EXISTING);
                    pixels = Pixels.of(DicomReader.read(seen, ReadOptions.WHOLE));
                    done.merge("without the " + broken.size() + " frames of incomplete volumes", 1, Integer::sum);
                } else {
                    uncut = true;
                    undone.merge("from which " + broken.size() + " " + UNCUT, 1, Integer::sum);
                }
            }
            if (pixels.canBeExtended() && hasNegatives(seen, pixels)) {
                if (kept.equals(image)) {
                    kept = setAside(image, originals, prepared.size());
                    Files.copy(kept.file().local(), seen);
                }
                extendSigns(seen, pixels);
                done.merge("with negative numbers of " + pixels.bitsStored() + " bits stored in 16", 1, Integer::sum);
            }
            prepared.add(kept);
        }
        return new Prepared(prepared, counted(done), counted(undone), uncut);
    }

    private static String undone(Pixels pixels, Decompressor.Outcome outcome) {
        return "compressed with " + pixels.compression() + " and not decompressed before: "
                + switch (outcome) {
                    case NOT_INSTALLED -> NO_GDCMCONV;
                    case STOPPED -> "gdcmconv did not end in time";
                    default -> "gdcmconv cannot read them";
                };
    }

    /** Whether one of the problems of a conversion is that frames of incomplete volumes could not be taken out. */
    public static boolean isUncut(List<String> problems) {
        return problems.stream().anyMatch(problem -> problem.contains(UNCUT));
    }

    /** What a person can do about the problems of a conversion; empty where they are not of the pixels. */
    public static Optional<String> advice(List<String> problems) {
        if (isUncut(problems) && problems.stream().noneMatch(problem -> problem.contains(NO_GDCMCONV))) {
            return Optional.of(ADVICE_UNCUT);
        }
        return problems.stream().anyMatch(problem -> problem.contains("gdcmconv"))
                ? Optional.of(ADVICE)
                : Optional.empty();
    }

    private static List<String> counted(Map<String, Integer> texts) {
        return texts.entrySet().stream()
                .map(text -> text.getValue() + " files " + text.getKey())
                .toList();
    }

    private static DicomImage setAside(DicomImage image, Path originals, int number) throws IOException {
        Files.createDirectories(originals);
        // The name that the converter sees, so that provenance finds it, with a numeric prefix: parts of an image
        // number
        // alike.
        Path place = originals.resolve(number + "-" + image.file().local().getFileName());
        Files.move(image.file().local(), place);
        return image.at(place);
    }

    private static @Nullable Pixels uncompressed(Path raw) throws IOException {
        try {
            DicomHeader header = DicomReader.read(raw, ReadOptions.WHOLE);
            Pixels pixels = header.pixelData().isEmpty() ? null : Pixels.of(header);
            return pixels == null || pixels.encapsulated() ? null : pixels;
        } catch (ImageFormatException notWhole) {
            return null;
        }
    }

    /** Whether there are negative numbers, and none that contradicts the bits stated in the header. */
    private static boolean hasNegatives(Path file, Pixels pixels) throws IOException {
        boolean negatives = false;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer chunk = chunk(pixels);
            for (long at = pixels.offset(); at < end(pixels); at += chunk.limit()) {
                read(channel, chunk, at, pixels);
                while (chunk.remaining() >= Short.BYTES) {
                    int word = chunk.getShort() & 0xffff;
                    int above = word >>> pixels.bitsStored();
                    boolean negative = (word >>> pixels.highBit() & 1) == 1;
                    int extended = negative ? 0xffff >>> pixels.bitsStored() : 0;
                    if (above != 0 && above != extended) {
                        return false;
                    }
                    negatives |= negative;
                }
            }
        }
        return negatives;
    }

    private static void extendSigns(Path file, Pixels pixels) throws IOException {
        int unused = Integer.SIZE - pixels.bitsStored();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer chunk = chunk(pixels);
            for (long at = pixels.offset(); at < end(pixels); at += chunk.limit()) {
                read(channel, chunk, at, pixels);
                for (int i = 0; i + Short.BYTES <= chunk.limit(); i += Short.BYTES) {
                    chunk.putShort(i, (short) (chunk.getShort(i) << unused >> unused));
                }
                chunk.rewind();
                long to = at;
                while (chunk.hasRemaining()) {
                    to += channel.write(chunk, to);
                }
            }
            word(channel, pixels, pixels.bitsStoredOffset(), Short.SIZE);
            word(channel, pixels, pixels.highBitOffset(), Short.SIZE - 1);
        }
    }

    private static void word(FileChannel channel, Pixels pixels, long at, int value) throws IOException {
        ByteBuffer word = ByteBuffer.allocate(Short.BYTES)
                .order(pixels.headerOrder())
                .putShort((short) value)
                .flip();
        while (word.hasRemaining()) {
            channel.write(word, at + word.position());
        }
    }

    private static long end(Pixels pixels) {
        return pixels.offset() + pixels.length() / Short.BYTES * Short.BYTES;
    }

    private static ByteBuffer chunk(Pixels pixels) {
        return ByteBuffer.allocate(CHUNK).order(pixels.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    private static void read(FileChannel channel, ByteBuffer chunk, long at, Pixels pixels) throws IOException {
        chunk.clear().limit((int) Math.min(CHUNK, end(pixels) - at));
        while (chunk.hasRemaining()) {
            if (channel.read(chunk, at + chunk.position()) < 0) {
                throw new ImageFormatException(
                        "pixel data", at, "the file ends within it", "send the series from the scanner again");
            }
        }
        chunk.flip();
    }
}
