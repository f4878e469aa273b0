package org.datman.imaging.dicom;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What was read of a DICOM file.
 *
 * @param fileMeta group 0002; empty for a file without it
 * @param transferSyntax from the file meta information, or guessed for a file without it
 * @param dataset the data set up to and with the pixel data element, or the whole
 * @param remarks what is irregular but readable, without any value of the file: safe to log
 */
public record DicomHeader(
        DicomDataset fileMeta, TransferSyntax transferSyntax, DicomDataset dataset, List<String> remarks) {

    private static final int LONGEST_TEXT = 1024;

    public DicomHeader {
        remarks = List.copyOf(remarks);
    }

    /** First value as text, from the top level of the data set. */
    public Optional<String> string(String keyword) {
        return dataset.string(keyword);
    }

    /** All values as text, from the top level of the data set. */
    public List<String> strings(String keyword) {
        return dataset.strings(keyword);
    }

    /** First value as a number, from the top level of the data set. */
    public OptionalDouble number(String keyword) {
        return dataset.number(keyword);
    }

    /** First value as a whole number, from the top level of the data set. */
    public OptionalInt integer(String keyword) {
        return dataset.integer(keyword);
    }

    /** All values as numbers, from the top level of the data set. */
    public double[] doubles(String keyword) {
        return dataset.doubles(keyword);
    }

    /** Nested data sets, from the top level of the data set. */
    public List<DicomDataset> sequence(String keyword) {
        return dataset.sequence(keyword);
    }

    /** The element where classic and enhanced objects keep it; see {@link DicomDataset#findFirst(int)}. */
    public Optional<DicomElement> findFirst(String keyword) {
        return dataset.findFirst(keyword);
    }

    /**
     * The elements that are there and not empty, where classic and enhanced objects keep them: by keyword, several values
     * joined with a backslash, blanks at both ends removed, cut after 1,024 characters. Number strings are written by value ({@code 1.5}
     * for {@code 1.50}): DICOM JSON has the value only.
     */
    public Map<String, String> texts(Collection<String> keywords) {
        Map<String, String> texts = new TreeMap<>();
        for (String keyword : keywords) {
            findFirst(keyword)
                    .map(element -> String.join("\\", element.values()).strip())
                    .filter(text -> !text.isEmpty())
                    .ifPresent(text ->
                            texts.put(keyword, text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text));
        }
        return texts;
    }

    /** The pixel data element: place and length, never the pixels. Empty for objects without an image. */
    public Optional<DicomElement> pixelData() {
        return dataset.element(Tag.PIXEL_DATA)
                .or(() -> dataset.element(Tag.FLOAT_PIXEL_DATA))
                .or(() -> dataset.element(Tag.DOUBLE_FLOAT_PIXEL_DATA));
    }
}
