package org.datman.export.convert;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.datman.export.dicom.DicomImage;
import org.datman.imaging.dicom.DicomElement;
import org.datman.imaging.dicom.DicomHeader;
import org.datman.imaging.dicom.DicomReader;

/**
 * Merges the images of several series into one series for the conversion: dcm2niix (v1.0.20220720, v1.0.20241211) never
 * stacks images of different SeriesInstanceUID or SeriesNumber. The files in the work directory are restored when
 * the merge is closed, because one of them is kept.
 */
final class OneSeries {

    private record Change(Path file, long offset, byte[] before) {}

    private final List<Change> changes = new ArrayList<>();

    private OneSeries() {}

    /**
     * Changes the files only when the result is certain: the images are numbered consecutively, and the scanner is not one whose
     * split series the converter itself merges (Siemens XA, {@code MFSPLIT}). No merge when the list is empty.
     */
    static OneSeries of(List<DicomImage> images) throws IOException {
        OneSeries one = new OneSeries();
        Set<Integer> instances = new HashSet<>();
        Set<String> series = new HashSet<>();
        boolean known = false;
        for (DicomImage image : images) {
            image.header().findInstance().ifPresent(instances::add);
            series.add(image.header().series());
            known |= image.header().imageType().contains("MFSPLIT");
        }
        if (known || series.size() < 2 || instances.size() < images.size()) {
            return one;
        }
        String uid =
                shortest(images.stream().map(image -> image.header().series()).toList());
        String number = shortest(
                images.stream().map(image -> image.header().seriesNumber()).toList());
        for (DicomImage image : images) {
            Path file = image.file().local();
            DicomHeader header = DicomReader.read(file);
            if (header.transferSyntax().deflated()) {
                continue;
            }
            one.write(file, header, "SeriesInstanceUID", uid, (byte) 0);
            one.write(file, header, "SeriesNumber", number, (byte) ' ');
        }
        return one;
    }

    /** Whether the files are one series for the converter now. */
    boolean joined() {
        return !changes.isEmpty();
    }

    private static String shortest(List<String> texts) {
        return texts.stream()
                .min(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }

    private void write(Path file, DicomHeader header, String keyword, String text, byte padding) throws IOException {
        DicomElement element = header.dataset().element(keyword).orElse(null);
        if (element == null || element.length() < text.length() || element.length() > 64) {
            return;
        }
        byte[] after = new byte[(int) element.length()];
        Arrays.fill(after, padding);
        byte[] value = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(value, 0, after, 0, value.length);
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] before = new byte[after.length];
            open.seek(element.offset());
            open.readFully(before);
            changes.add(new Change(file, element.offset(), before));
            open.seek(element.offset());
            open.write(after);
        }
    }

    /** Restores the files. */
    void restore() throws IOException {
        for (Change change : changes) {
            try (RandomAccessFile open = new RandomAccessFile(change.file().toFile(), "rw")) {
                open.seek(change.offset());
                open.write(change.before());
            }
        }
    }
}
