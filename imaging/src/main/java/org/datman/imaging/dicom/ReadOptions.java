package org.datman.imaging.dicom;

/**
 * How much of a file is read, and how much memory it may take.
 *
 * @param stopAtPixelData read the header only; the pixel data element is then the last one, located but not checked
 * @param keepBytes longest binary value (OB, OW, UN …) that is kept, bytes; Siemens' headers are kept up to {@code vendorKeepBytes}
 * @param vendorKeepBytes longest binary value in the private groups 0021 and 0029, bytes
 * @param memoryBytes estimated memory of all that is kept; a header that needs more is rejected
 * @param inflatedBytes most bytes that a deflated data set may inflate to
 * @param depth deepest nesting of sequences
 */
public record ReadOptions(
        boolean stopAtPixelData, int keepBytes, int vendorKeepBytes, long memoryBytes, long inflatedBytes, int depth) {

    /** The header up to the pixel data. */
    public static final ReadOptions HEADER = new ReadOptions(true, 1 << 20, 16 << 20, 256L << 20, 1L << 30, 64);

    /** The whole file: pixel data are skipped over, which proves that they are complete, and what follows is read. */
    public static final ReadOptions WHOLE = HEADER.withPixelDataSkipped();

    private ReadOptions withPixelDataSkipped() {
        return new ReadOptions(false, keepBytes, vendorKeepBytes, memoryBytes, inflatedBytes, depth);
    }
}
