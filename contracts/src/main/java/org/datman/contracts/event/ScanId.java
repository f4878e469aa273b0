package org.datman.contracts.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * XNAT's id of a scan of a session, such as {@code 3} or {@code 3-MR1}: a text, and a plain text in JSON. Ids are ordered as
 * people count: by leading number ({@code 4} before {@code 10}), those without one last, then by text.
 *
 * @param text the id as XNAT has it
 */
public record ScanId(@JsonValue String text) implements Comparable<ScanId> {

    /** Twelve digits hold every DICOM series number (at most 2147483647), and more stay exact in JavaScript. */
    private static final Pattern LEADING_NUMBER = Pattern.compile("\\d{1,12}(?!\\d)");

    private static final Comparator<ScanId> COMPARATOR = Comparator.<ScanId>comparingLong(
                    scan -> scan.number().orElse(Long.MAX_VALUE))
            .thenComparing(ScanId::text);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ScanId {
        Objects.requireNonNull(text, "text");
    }

    /** The number with which the id begins, as a rule the DICOM series number; empty when there is none of at most 12 digits. */
    public Optional<Long> number() {
        Matcher number = LEADING_NUMBER.matcher(text);
        return number.lookingAt() ? Optional.of(Long.valueOf(number.group())) : Optional.empty();
    }

    /** The same, only when the id is nothing but that number: {@code 3}, not {@code 3-MR1}. */
    public Optional<Long> wholeNumber() {
        return LEADING_NUMBER.matcher(text).matches() ? number() : Optional.empty();
    }

    @Override
    public int compareTo(ScanId other) {
        return COMPARATOR.compare(this, other);
    }

    @Override
    public String toString() {
        return text;
    }
}
