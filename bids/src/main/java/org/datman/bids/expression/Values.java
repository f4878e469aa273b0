package org.datman.bids.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Values of the language: {@code Boolean}, {@code Double}, {@code String}, {@code List}, {@code Map} with text keys, {@link Absent}.
 * Comparison and conversion are those of ECMAScript, in which the official validator evaluates the schema.
 */
public final class Values {

    private Values() {}

    public static boolean isAbsent(Object value) {
        return value instanceof Absent;
    }

    /** Whether a value counts as true. */
    public static boolean truthy(Object value) {
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof Double number) {
            return number != 0 && !Double.isNaN(number);
        }
        return value instanceof String text ? !text.isEmpty() : !isAbsent(value);
    }

    /** ECMAScript's Number(value); NaN where it is no number. */
    public static double number(Object value) {
        if (value instanceof Double number) {
            return number;
        }
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        if (value instanceof String text) {
            return number(text);
        }
        if (value instanceof List<?>) {
            return number(text(value));
        }
        return value == Absent.NULL ? 0 : Double.NaN;
    }

    private static double number(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            return 0;
        }
        char last = stripped.charAt(stripped.length() - 1);
        if (last != '.' && !Character.isDigit(last)) {
            // Java would read 1d and 1f, and NaN; of the words ECMAScript knows only Infinity.
            return switch (stripped) {
                case "Infinity", "+Infinity" -> Double.POSITIVE_INFINITY;
                case "-Infinity" -> Double.NEGATIVE_INFINITY;
                default -> Double.NaN;
            };
        }
        try {
            return Double.parseDouble(stripped);
        } catch (NumberFormatException noNumber) {
            return Double.NaN;
        }
    }

    /** As text in a message: arrays with commas, whole numbers without a point. */
    public static String text(Object value) {
        if (value instanceof Double number) {
            return number == Math.rint(number) && Math.abs(number) < 1e15
                    ? Long.toString(number.longValue())
                    : number.toString();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(each -> isAbsent(each) ? "" : text(each)).collect(Collectors.joining(","));
        }
        if (value instanceof Absent absent) {
            return absent == Absent.NULL ? "null" : "undefined";
        }
        return value instanceof Map<?, ?> ? "[object Object]" : value.toString();
    }

    /** ECMAScript's {@code ===}: arrays and objects are equal to themselves only. */
    @SuppressWarnings("ReferenceEquality")
    public static boolean strictlyEqual(Object left, Object right) {
        if (left instanceof Double one && right instanceof Double other) {
            return one.doubleValue() == other.doubleValue();
        }
        if (left instanceof List<?> || left instanceof Map<?, ?>) {
            return left == right;
        }
        return left.equals(right);
    }

    /** ECMAScript's {@code ==}. */
    public static boolean looselyEqual(Object left, Object right) {
        if (isAbsent(left) || isAbsent(right)) {
            return isAbsent(left) && isAbsent(right);
        }
        boolean compound = isCompound(left) || isCompound(right);
        if (isCompound(left) && isCompound(right) || !compound && left.getClass() == right.getClass()) {
            return strictlyEqual(left, right);
        }
        if (compound && (left instanceof String || right instanceof String)) {
            return text(left).equals(text(right));
        }
        return number(left) == number(right);
    }

    private static boolean isCompound(Object value) {
        return value instanceof List<?> || value instanceof Map<?, ?>;
    }

    /** Below zero, zero or above as ECMAScript's {@code <} and {@code >} order two values; zero where neither holds. */
    static int order(Object left, Object right) {
        if (left instanceof String one && right instanceof String other) {
            return one.compareTo(other);
        }
        double one = number(left);
        double other = number(right);
        return one < other ? -1 : one > other ? 1 : 0;
    }

    /** The elements that differ by {@link #strictlyEqual}, first come first. */
    static List<Object> distinct(List<?> list) {
        Map<Object, Object> seen = new LinkedHashMap<>();
        list.forEach(each -> seen.putIfAbsent(identity(each), each));
        return new ArrayList<>(seen.values());
    }

    /** Equal for two values exactly if they are the same member of an ECMAScript Set. */
    static Object identity(Object value) {
        if (isCompound(value)) {
            return new Reference(value);
        }
        return value instanceof Double number && number == 0 ? Double.valueOf(0) : value;
    }

    private record Reference(Object value) {
        @Override
        @SuppressWarnings("ReferenceEquality")
        public boolean equals(Object other) {
            return other instanceof Reference reference && reference.value == value;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(value);
        }
    }

    /** A text with names in braces replaced by their values. */
    static String format(String template, Function<String, Object> values) {
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', from)) {
            int close = template.indexOf('}', open);
            if (close < 0) {
                break;
            }
            text.append(template, from, open).append(text(values.apply(template.substring(open + 1, close))));
            from = close + 1;
        }
        return text.append(template.substring(from)).toString();
    }
}
