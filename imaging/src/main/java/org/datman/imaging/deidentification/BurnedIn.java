package org.datman.imaging.deidentification;

import java.util.Locale;
import java.util.Set;
import org.datman.imaging.dicom.DicomHeader;

/** Whether the pixels of an image may show text about the person. Pure. */
public final class BurnedIn {

    /** Secondary Capture Image Storage and its multi-frame kinds, {@code .7.1} to {@code .7.4}. */
    private static final String SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";

    /** ConversionType of what was photographed, scanned or filmed; WSD, made by a workstation, is also that of computed maps. */
    private static final Set<String> CAPTURED = Set.of("DV", "DF", "SD", "SI", "DRW");

    private BurnedIn() {}

    /** By SOP class, BurnedInAnnotation, ConversionType and ImageType. */
    public static boolean isLikelyIn(DicomHeader header) {
        String sopClass = header.string("SOPClassUID").orElse("");
        return sopClass.equals(SECONDARY_CAPTURE)
                || sopClass.startsWith(SECONDARY_CAPTURE + ".")
                || header.string("BurnedInAnnotation").filter("YES"::equals).isPresent()
                || header.string("ConversionType").filter(CAPTURED::contains).isPresent()
                || header.strings("ImageType").stream()
                        .map(value -> value.toUpperCase(Locale.ROOT).replaceAll("[ _]", ""))
                        .anyMatch(value -> value.equals("SCREENSAVE") || value.equals("SCREENSHOT"));
    }
}
