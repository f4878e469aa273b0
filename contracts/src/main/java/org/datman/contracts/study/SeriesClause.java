package org.datman.contracts.study;

import java.util.Optional;
import org.datman.contracts.tree.TextPairs;

/** A condition on one field of a series. */
public sealed interface SeriesClause permits TextClause, RangeClause {

    /** What the fields that are DICOM elements begin with; the keyword follows. */
    String HEADER = "Header.";

    /**
     * {@code SeriesDescription}, {@code XnatType}, {@code Modality}, {@code Quality}, {@code ImageType} or {@code
     * Header.<keyword>}.
     */
    String field();

    /** The condition in words. */
    String expected();

    /** Whether a known value meets it. */
    boolean matches(String actual);

    /** Whether a value is there that meets it; an empty description is one, and no other empty text is. */
    default boolean isMet(String actual) {
        return (!actual.isEmpty() || field().equals("SeriesDescription")) && matches(actual);
    }

    /** How near a value that does not match is: 0 to 1. */
    double similarity(TextPairs actual);

    /** The DICOM keyword that it looks at, if it looks at one. */
    default Optional<String> keyword() {
        return field().startsWith(HEADER) ? Optional.of(field().substring(HEADER.length())) : Optional.empty();
    }
}
