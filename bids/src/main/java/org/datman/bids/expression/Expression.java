package org.datman.bids.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An expression of the BIDS schema, as {@code intersects([suffix], ["dwi", "epi"])}. What has no result (a property of nothing, a pattern
 * in a number) makes the whole expression null, as the official validator does.
 */
public final class Expression {

    private final String source;
    private final Term term;

    private Expression(String source, Term term) {
        this.source = source;
        this.term = term;
    }

    /** @throws IllegalArgumentException if the text is no expression; the message has the place */
    public static Expression parse(String source) {
        return new Expression(source, new Parser(source).parse());
    }

    /** The value; {@link Absent#NULL} where there is none. */
    public Object evaluate(Scope scope) {
        try {
            return term.evaluate(scope);
        } catch (EvaluationException noResult) {
            return Absent.NULL;
        }
    }

    /** Whether the value counts as true. */
    public boolean holds(Scope scope) {
        return Values.truthy(evaluate(scope));
    }

    /** A message whose names in braces are replaced by their values. */
    public static String format(String template, Scope scope) {
        return Values.format(template, name -> parse(name).evaluate(scope));
    }

    @Override
    public String toString() {
        return source;
    }

    /** A part of an expression. */
    sealed interface Term permits Literal, Name, Items, Property, Call, Unary, Binary {
        Object evaluate(Scope scope);
    }

    record Literal(Object value) implements Term {
        @Override
        public Object evaluate(Scope scope) {
            return value;
        }
    }

    record Name(String name) implements Term {
        @Override
        public Object evaluate(Scope scope) {
            return scope.get(name);
        }
    }

    record Items(List<Term> items) implements Term {
        @Override
        public Object evaluate(Scope scope) {
            List<Object> values = new ArrayList<>(items.size());
            items.forEach(item -> values.add(item.evaluate(scope)));
            return values;
        }
    }

    /** {@code owner.key} or {@code owner[key]}. */
    record Property(Term owner, Term key) implements Term {
        @Override
        public Object evaluate(Scope scope) {
            Object whole = owner.evaluate(scope);
            Object part = key.evaluate(scope);
            if (Values.isAbsent(whole)) {
                throw new EvaluationException("no property of nothing");
            }
            if (whole instanceof Map<?, ?> map) {
                Object value = map.get(Values.text(part));
                return value == null ? Absent.UNDEFINED : value;
            }
            double index = Values.number(part);
            if (whole instanceof List<?> list) {
                return isIndex(index, list.size()) ? list.get((int) index) : Absent.UNDEFINED;
            }
            return whole instanceof String text && isIndex(index, text.length())
                    ? String.valueOf(text.charAt((int) index))
                    : Absent.UNDEFINED;
        }

        private static boolean isIndex(double index, int size) {
            return index >= 0 && index < size && index == Math.rint(index);
        }
    }

    record Call(String function, List<Term> arguments) implements Term {
        @Override
        public Object evaluate(Scope scope) {
            List<Object> values = new ArrayList<>(arguments.size());
            arguments.forEach(argument -> values.add(argument.evaluate(scope)));
            return Functions.call(function, values, scope);
        }
    }

    record Unary(String operator, Term operand) implements Term {
        @Override
        public Object evaluate(Scope scope) {
            Object value = operand.evaluate(scope);
            return operator.equals("!") ? (Object) !Values.truthy(value) : (Object) (-Values.number(value));
        }
    }

    record Binary(String operator, Term left, Term right) implements Term {
        @Override
        public Object evaluate(Scope scope) {
            Object first = left.evaluate(scope);
            if (operator.equals("&&")) {
                return Values.truthy(first) ? right.evaluate(scope) : first;
            }
            if (operator.equals("||")) {
                return Values.truthy(first) ? first : right.evaluate(scope);
            }
            Object second = right.evaluate(scope);
            return switch (operator) {
                case "==" -> Values.looselyEqual(first, second);
                case "!=" -> !Values.looselyEqual(first, second);
                case "in" -> in(first, second);
                case "<" -> ordered(first, second) && Values.order(first, second) < 0;
                case ">" -> ordered(first, second) && Values.order(first, second) > 0;
                case "<=" -> ordered(first, second) && Values.order(first, second) <= 0;
                case ">=" -> ordered(first, second) && Values.order(first, second) >= 0;
                case "+" ->
                    first instanceof String || second instanceof String
                            ? Values.text(first) + Values.text(second)
                            : (Object) (Values.number(first) + Values.number(second));
                case "-" -> Values.number(first) - Values.number(second);
                case "*" -> Values.number(first) * Values.number(second);
                case "/" -> Values.number(first) / Values.number(second);
                case "%" -> Values.number(first) % Values.number(second);
                case "**" -> Math.pow(Values.number(first), Values.number(second));
                default -> throw new IllegalStateException(operator);
            };
        }

        private static boolean ordered(Object first, Object second) {
            return first instanceof String && second instanceof String
                    || !Double.isNaN(Values.number(first)) && !Double.isNaN(Values.number(second));
        }

        private static boolean in(Object key, Object owner) {
            if (owner instanceof Map<?, ?> map) {
                return map.containsKey(Values.text(key));
            }
            if (owner instanceof List<?> list) {
                return Property.isIndex(Values.number(key), list.size());
            }
            throw new EvaluationException("only objects have keys");
        }
    }
}
