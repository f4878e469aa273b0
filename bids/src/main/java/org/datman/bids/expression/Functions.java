package org.datman.bids.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;

/** The functions that the BIDS schema documents for its expressions. */
final class Functions {

    private Functions() {}

    /** @throws EvaluationException for a function that is not known, or arguments it has no result for */
    static Object call(String name, List<Object> arguments, Scope scope) {
        Object first = argument(arguments, 0);
        Object second = argument(arguments, 1);
        return switch (name) {
            case "allequal" -> allEqual(first, second);
            case "count" ->
                (double) list(first).stream()
                        .filter(each -> Values.strictlyEqual(each, second))
                        .count();
            case "exists" -> exists(first, second, scope);
            case "index" -> index(list(first), second);
            case "intersects" -> intersects(first, second);
            case "length" -> length(first);
            case "match" -> match(first, second);
            case "max" -> extreme(first, Double.NEGATIVE_INFINITY, Math::max);
            case "min" -> extreme(first, Double.POSITIVE_INFINITY, Math::min);
            case "sorted" -> sorted(list(first), second);
            case "substr" -> substring(first, second, argument(arguments, 2));
            case "type" -> type(first);
            case "unique" ->
                first == Absent.NULL
                        ? Absent.NULL
                        : Values.distinct(first == Absent.UNDEFINED ? List.of() : list(first));
            default -> throw new EvaluationException("no function " + name);
        };
    }

    private static Object argument(List<Object> arguments, int index) {
        return index < arguments.size() ? arguments.get(index) : Absent.UNDEFINED;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object value) {
        if (value instanceof List<?> list) {
            return (List<Object>) list;
        }
        throw new EvaluationException("not an array");
    }

    private static List<Object> listOf(Object value) {
        return value instanceof List<?> ? list(value) : List.of(value);
    }

    private static boolean allEqual(Object first, Object second) {
        if (Values.isAbsent(first) || Values.isAbsent(second)) {
            return false;
        }
        List<Object> left = list(first);
        List<Object> right = list(second);
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!Values.strictlyEqual(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static double exists(Object paths, Object rule, Scope scope) {
        if (Values.isAbsent(paths)) {
            return 0;
        }
        String where = rule instanceof String text ? text : "dataset";
        int found = 0;
        for (Object each : listOf(paths)) {
            if (!(each instanceof String path)) {
                throw new EvaluationException("a path is text");
            }
            if (where.equals("bids-uri") ? path.startsWith("bids:") : scope.exists(path, where)) {
                found++;
            }
        }
        return found;
    }

    private static Object index(List<Object> list, Object item) {
        for (int i = 0; i < list.size(); i++) {
            if (Values.strictlyEqual(list.get(i), item)) {
                return (double) i;
            }
        }
        return Absent.NULL;
    }

    /** The elements of the longer list that are in the shorter one; false if there are none. */
    private static Object intersects(Object first, Object second) {
        List<Object> longer = listOf(first);
        List<Object> shorter = listOf(second);
        if (longer.size() < shorter.size()) {
            List<Object> swapped = longer;
            longer = shorter;
            shorter = swapped;
        }
        Set<Object> wanted = new HashSet<>();
        shorter.forEach(each -> wanted.add(Values.identity(each)));
        List<Object> common = new ArrayList<>();
        for (Object each : longer) {
            if (wanted.contains(Values.identity(each))) {
                common.add(each);
            }
        }
        return common.isEmpty() ? (Object) false : common;
    }

    private static Object length(Object value) {
        if (value instanceof String text) {
            return (double) text.length();
        }
        return value instanceof List<?> list ? (Object) (double) list.size() : Absent.NULL;
    }

    private static boolean match(Object target, Object pattern) {
        if (!(target instanceof String text)) {
            throw new EvaluationException("only text matches a pattern");
        }
        String expression = pattern == Absent.UNDEFINED ? "" : Values.text(pattern);
        return Patterns.of(expression).matcher(text).find();
    }

    private static Object extreme(Object values, double start, DoubleBinaryOperator choose) {
        if (Values.isAbsent(values)) {
            return Absent.NULL;
        }
        return listOf(values).stream()
                .mapToDouble(Values::number)
                .filter(number -> !Double.isNaN(number))
                .reduce(start, choose);
    }

    private static List<Object> sorted(List<Object> list, Object method) {
        Comparator<Object> order = method.equals("numeric")
                ? Functions::numericOrder
                : method.equals("lexical") ? Comparator.comparing(Values::text) : Values::order;
        Object[] values = list.toArray();
        try {
            Arrays.sort(values, order);
        } catch (IllegalArgumentException noOrder) {
            // Values without an order among them, as n/a between numbers: each moves before the larger ones directly
            // before it.
            values = list.toArray();
            for (int i = 1; i < values.length; i++) {
                Object moving = values[i];
                int place = i;
                for (; place > 0 && order.compare(values[place - 1], moving) > 0; place--) {
                    values[place] = values[place - 1];
                }
                values[place] = moving;
            }
        }
        return Arrays.asList(values);
    }

    private static int numericOrder(Object left, Object right) {
        double difference = Values.number(left) - Values.number(right);
        return difference < 0 ? -1 : difference > 0 ? 1 : 0;
    }

    private static Object substring(Object text, Object start, Object end) {
        if (Values.isAbsent(text) || Values.isAbsent(start) || Values.isAbsent(end)) {
            return Absent.NULL;
        }
        if (!(text instanceof String whole)) {
            throw new EvaluationException("only text has a part");
        }
        int from = Math.min((int) Values.number(start), whole.length());
        int to = Math.min((int) Values.number(end), whole.length());
        return to <= from ? "" : whole.substring(from, to);
    }

    private static String type(Object value) {
        if (value instanceof List<?>) {
            return "array";
        }
        if (value instanceof Double) {
            return "number";
        }
        if (value instanceof Boolean) {
            return "boolean";
        }
        return value instanceof String ? "string" : Values.isAbsent(value) ? "null" : "object";
    }
}
