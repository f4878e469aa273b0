package org.datman.export.dicom;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.datman.contracts.study.Part;

/** Determines the part of a complex image from ImageType (0008,0008). Values after the third are vendor-specific. */
public final class ImageParts {

    private static final Set<String> PHASE = Set.of("P", "PHASE", "PHASE MAP");
    private static final Set<String> REAL = Set.of("R", "REAL");
    private static final Set<String> IMAGINARY = Set.of("I", "IMAGINARY");
    private static final Set<String> FIELD_MAP = Set.of("FIELDMAPHZ", "B0MAP", "B0 MAP");

    private ImageParts() {}

    /** The part; magnitude by default. */
    public static Part of(List<String> imageType) {
        List<String> values = imageType.stream()
                .map(value -> value.strip().toUpperCase(Locale.ROOT))
                .toList();
        if (values.stream().anyMatch(FIELD_MAP::contains)) {
            return Part.FIELDMAP;
        } else if (values.stream().anyMatch(PHASE::contains)) {
            return Part.PHASE;
        } else if (values.stream().anyMatch(IMAGINARY::contains)) {
            return Part.IMAGINARY;
        } else if (values.stream().anyMatch(REAL::contains)) {
            return Part.REAL;
        }
        return Part.MAGNITUDE;
    }
}
