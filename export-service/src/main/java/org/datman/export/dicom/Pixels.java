package org.datman.export.dicom;

import java.nio.ByteOrder;
import java.util.Set;
import org.datman.imaging.dicom.DicomElement;
import org.datman.imaging.dicom.DicomHeader;
import org.jspecify.annotations.Nullable;

/**
 * How the pixels of a file are stored.
 *
 * @param transferSyntax UID
 * @param encapsulated whether they are compressed
 * @param bigEndian byte order of words
 * @param bitsAllocated per pixel
 * @param bitsStored of these, from the lowest when {@code highBit} is one less
 * @param highBit the highest of the stored bits
 * @param signed two's complement within the stored bits (PixelRepresentation 1)
 * @param offset of the first pixel in the file; negative when it is unknown
 * @param length in bytes
 * @param bitsStoredOffset of the value of BitsStored in the file; negative when it is unknown
 * @param highBitOffset of the value of HighBit likewise
 */
public record Pixels(
        String transferSyntax,
        boolean encapsulated,
        boolean bigEndian,
        int bitsAllocated,
        int bitsStored,
        int highBit,
        boolean signed,
        long offset,
        long length,
        long bitsStoredOffset,
        long highBitOffset) {

    /** JPEG-LS, JPEG 2000 and high-throughput JPEG 2000: which builds of dcm2niix read them, and in how many fragments, differs. */
    private static final Set<String> NOT_FOR_EVERY_CONVERTER = Set.of(
            "1.2.840.10008.1.2.4.80",
            "1.2.840.10008.1.2.4.81",
            "1.2.840.10008.1.2.4.90",
            "1.2.840.10008.1.2.4.91",
            "1.2.840.10008.1.2.4.201",
            "1.2.840.10008.1.2.4.202",
            "1.2.840.10008.1.2.4.203");

    private static final int SHORT_BITS = 16;
    private static final String GE_BIG_ENDIAN_PIXELS = "1.2.840.113619.5.2";

    public static Pixels of(DicomHeader header) {
        DicomElement data = header.pixelData().orElseThrow();
        int allocated = header.integer("BitsAllocated").orElse(0);
        int stored = header.integer("BitsStored").orElse(allocated);
        return new Pixels(
                header.transferSyntax().uid(),
                header.transferSyntax().encapsulated(),
                // GE's private syntax has little-endian headers and big-endian pixels.
                header.transferSyntax().bigEndian()
                        || header.transferSyntax().uid().equals(GE_BIG_ENDIAN_PIXELS),
                allocated,
                stored,
                header.integer("HighBit").orElse(stored - 1),
                header.integer("PixelRepresentation").orElse(0) == 1,
                offset(header, data),
                data.length(),
                offset(header, header.dataset().element("BitsStored").orElse(null)),
                offset(header, header.dataset().element("HighBit").orElse(null)));
    }

    private static long offset(DicomHeader header, @Nullable DicomElement element) {
        return element == null || header.transferSyntax().deflated() ? DicomElement.NO_OFFSET : element.offset();
    }

    /** Whether it must be decompressed before a converter of unknown build sees it. */
    public boolean needsDecompression() {
        return NOT_FOR_EVERY_CONVERTER.contains(transferSyntax);
    }

    /** Whether signed numbers use fewer bits than their words. */
    public boolean isShortSigned() {
        return signed && bitsAllocated == SHORT_BITS && bitsStored < SHORT_BITS && highBit == bitsStored - 1;
    }

    /** Whether they can be rewritten in place. */
    public boolean canBeExtended() {
        return isShortSigned() && !encapsulated && offset >= 0 && bitsStoredOffset >= 0 && highBitOffset >= 0;
    }

    /** Byte order of the data set's own words, which in GE's private syntax differs from that of its pixels. */
    public ByteOrder headerOrder() {
        return bigEndian && !transferSyntax.equals(GE_BIG_ENDIAN_PIXELS)
                ? ByteOrder.BIG_ENDIAN
                : ByteOrder.LITTLE_ENDIAN;
    }

    /** Display name of the compression. */
    public String compression() {
        return switch (transferSyntax) {
            case "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81" -> "JPEG-LS";
            case "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91" -> "JPEG 2000";
            default -> "high-throughput JPEG 2000";
        };
    }
}
