package org.datman.export.convert;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomElement;
import org.datman.imaging.dicom.DicomHeader;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.imaging.dicom.ReadOptions;

/** Writes multi-frame files again without some of their frames. */
final class FrameCut {

    private static final String FRAMES = "PerFrameFunctionalGroupsSequence";

    private FrameCut() {}

    /**
     * Writes the other frames, with the same headers.
     *
     * @param frames numbers from 0
     * @return whether it was possible: the pixels must be uncompressed and as many as the header states, and each frame must have a header
     *     of its own
     */
    static boolean without(Set<Integer> frames, Path from, Path to) throws IOException {
        DicomHeader header = DicomReader.read(from, ReadOptions.WHOLE);
        List<DicomDataset> items = header.sequence(FRAMES);
        DicomElement pixels = header.pixelData().orElse(null);
        if (pixels == null
                || header.transferSyntax().encapsulated()
                || header.transferSyntax().deflated()) {
            return false;
        }
        long frame = bytesOfFrame(header);
        long surplus = pixels.length() - frame * items.size();
        if (items.size() != header.integer("NumberOfFrames").orElse(1) || frame == 0 || surplus < 0 || surplus > 1) {
            return false;
        }
        List<DicomDataset> kept = new ArrayList<>();
        Path moved = to.resolveSibling("moved.dcm");
        try {
            Files.copy(from, moved, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel in = FileChannel.open(from);
                    FileChannel out = FileChannel.open(moved, StandardOpenOption.WRITE)) {
                for (int index = 0; index < items.size(); index++) {
                    if (!frames.contains(index)) {
                        copy(in, pixels.offset() + index * frame, out, pixels.offset() + kept.size() * frame, frame);
                        kept.add(items.get(index));
                    }
                }
            }
            long bytes = kept.size() * frame;
            DicomDataset dataset = DicomDataset.builder()
                    .setAll(header.dataset())
                    .set("NumberOfFrames", Integer.toString(kept.size()))
                    .set(FRAMES, kept.toArray(DicomDataset[]::new))
                    .setBeginning(pixels, bytes + bytes % 2)
                    .build();
            try (OutputStream out = Files.newOutputStream(to)) {
                DicomWriter.rewrite(out, moved, header, dataset);
            }
            return true;
        } finally {
            Files.deleteIfExists(moved);
        }
    }

    /** By the header; 0 when it does not state it, or a frame ends within a byte. */
    private static long bytesOfFrame(DicomHeader header) {
        long bits = 1;
        for (String factor : List.of("Rows", "Columns", "SamplesPerPixel", "BitsAllocated")) {
            bits *= header.integer(factor).orElse(factor.equals("SamplesPerPixel") ? 1 : 0);
        }
        return bits % Byte.SIZE == 0 ? bits / Byte.SIZE : 0;
    }

    private static void copy(FileChannel in, long from, FileChannel out, long to, long length) throws IOException {
        out.position(to);
        for (long done = 0; done < length; ) {
            long copied = in.transferTo(from + done, length - done, out);
            if (copied <= 0) {
                throw new IOException("The file ended while its frames were copied");
            }
            done += copied;
        }
    }
}
