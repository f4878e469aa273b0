package org.datman.dashboard.web;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** An invalid request parameter. No default is used in its place. */
public class BadParameterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String name;
    private final String allowed;

    /**
     * A parameter with the allowed values.
     *
     * @param name of the parameter
     * @param value as it was sent
     * @param allowed as text
     */
    public BadParameterException(String name, String value, String allowed) {
        super("'" + value + "' is not allowed for " + name + "; allowed: " + allowed);
        this.name = name;
        this.allowed = allowed;
    }

    public String name() {
        return name;
    }

    public String allowed() {
        return allowed;
    }

    /** A day as {@code 2026-11-20}; empty when the text is. */
    public static Optional<LocalDate> day(String name, String text) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDate.parse(text.strip()));
        } catch (DateTimeException e) {
            throw new BadParameterException(name, text, "a day as 2026-11-20");
        }
    }

    /** One of the given texts in their case, or empty for any. */
    public static String oneOf(String name, String text, List<String> allowed) {
        if (!text.isEmpty() && !allowed.contains(text)) {
            throw new BadParameterException(name, text, String.join(", ", allowed) + ", or empty");
        }
        return text;
    }

    /** A whole number from {@code least} to {@code most}. */
    public static int number(String name, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below, as for a number that is too large.
        }
        throw new BadParameterException(name, text, "a whole number from " + least + " to " + most);
    }
}
