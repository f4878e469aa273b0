package org.datman.contracts.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the day of a scan, {@code yyyy-MM-dd}. Events of before it was checked have what a header had, such as a date that was
 * blanked ({@code 0000-00-00}): that is no day, and no reason to refuse the event when topics are read again.
 */
public final class ScanDay extends JsonDeserializer<LocalDate> {

    @Override
    public @Nullable LocalDate deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        return of(parser.getValueAsString("")).orElse(null);
    }

    /** The day of that text; empty when it is none. */
    public static Optional<LocalDate> of(String text) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
