package org.datman.simulator.rest;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.datman.simulator.http.Refusal;
import org.jspecify.annotations.Nullable;

/** How a criterion of a search compares. As in SQL an empty value is in no order, and like and unlike nothing. */
enum Comparison {
    EQUAL("="),
    UNEQUAL("!="),
    LESS("<"),
    AT_MOST("<="),
    MORE(">"),
    AT_LEAST(">="),
    LIKE("LIKE"),
    NOT_LIKE("NOT LIKE"),
    BETWEEN("BETWEEN"),
    IN("IN"),
    NOT_IN("NOT IN"),
    IS_NULL("IS NULL"),
    IS_NOT_NULL("IS NOT NULL");

    private static final Pattern AND = Pattern.compile("\\s+AND\\s+", Pattern.CASE_INSENSITIVE);
    private static final DateTimeFormatter US = DateTimeFormatter.ofPattern("MM/dd/yyyy", Locale.ROOT);

    private final String sign;

    Comparison(String sign) {
        this.sign = sign;
    }

    /**
     * By the text of {@code comparison_type}; an empty one is {@code =}.
     *
     * @throws Refusal 501 when it is another
     */
    static Comparison of(String text) {
        String wanted =
                text.isBlank() ? "=" : text.strip().replaceAll("\\s+", " ").toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(c -> c.sign.equals(wanted))
                .findFirst()
                .orElseThrow(() -> Refusal.notDone("the comparison " + text + " of a search"));
    }

    /**
     * Whether a value of a row satisfies the criterion.
     *
     * @throws Refusal 400 when {@code BETWEEN} has no two bounds
     */
    boolean holds(String actual, String wanted) {
        return switch (this) {
            case EQUAL -> same(actual, wanted);
            case UNEQUAL -> !same(actual, wanted);
            case LESS -> !actual.isEmpty() && order(actual, wanted) < 0;
            case AT_MOST -> !actual.isEmpty() && order(actual, wanted) <= 0;
            case MORE -> !actual.isEmpty() && order(actual, wanted) > 0;
            case AT_LEAST -> !actual.isEmpty() && order(actual, wanted) >= 0;
            case LIKE -> !actual.isEmpty() && like(actual, wanted);
            case NOT_LIKE -> !actual.isEmpty() && !like(actual, wanted);
            case BETWEEN -> {
                String[] bounds = AND.split(wanted.strip(), -1);
                if (bounds.length != 2) {
                    throw new Refusal(400, "BETWEEN needs two values with AND: " + wanted);
                }
                yield !actual.isEmpty() && order(actual, bounds[0]) >= 0 && order(actual, bounds[1]) <= 0;
            }
            case IN -> list(wanted).stream().anyMatch(one -> same(actual, one));
            case NOT_IN -> !actual.isEmpty() && list(wanted).stream().noneMatch(one -> same(actual, one));
            case IS_NULL -> actual.isEmpty();
            case IS_NOT_NULL -> !actual.isEmpty();
        };
    }

    private static List<String> list(String wanted) {
        return Arrays.stream(wanted.split(",")).map(String::strip).toList();
    }

    private static boolean like(String actual, String pattern) {
        String regex = Arrays.stream(pattern.split("%", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL)
                .matcher(actual)
                .matches();
    }

    /** Labels such as 007 and 7 are two: only days may be written differently. */
    private static boolean same(String left, String right) {
        return day(left).equals(day(right));
    }

    /** Numbers as numbers, days as days however they are written, everything else as text. */
    private static int order(String left, String right) {
        BigDecimal a = number(left);
        BigDecimal b = number(right);
        return a != null && b != null ? a.compareTo(b) : day(left).compareTo(day(right));
    }

    private static @Nullable BigDecimal number(String text) {
        try {
            return new BigDecimal(text.strip());
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    private static String day(String text) {
        try {
            return LocalDate.parse(text.strip(), US).toString();
        } catch (DateTimeParseException otherwise) {
            return text.strip();
        }
    }
}
