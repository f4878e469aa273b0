package org.datman.pipeline.boutiques;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A condition of a {@code conditional-path-template}: {@code and}, {@code or}, comparisons of two values, parentheses, numbers and ids of
 * inputs, as in Python. Pure.
 *
 * <p>As in the reference implementation (boutiques 0.5.33, {@code _getCondPathTemplateExp}): it does not hold when one of its inputs has
 * no value, whatever the rest says; a value that looks like a number is one; a set flag is the text {@code True}.
 *
 * @param text as written
 */
record Condition(String text, Expression expression) {

    private static final Pattern TOKEN = Pattern.compile("\\s*(==|!=|<=|>=|<|>|\\(|\\)|[A-Za-z0-9_.]+)");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?");
    private static final Pattern NUMBER_GIVEN = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", ">", "<=", ">=");

    /** A part of a condition; its value is a {@link BigDecimal}, a {@link Boolean} or a text. */
    sealed interface Expression {}

    record Literal(BigDecimal value) implements Expression {}

    record Named(String input) implements Expression {}

    record Both(Expression left, Expression right) implements Expression {}

    record Either(Expression left, Expression right) implements Expression {}

    record Comparison(String operator, Expression left, Expression right) implements Expression {}

    /** What is wrong in a condition, or in comparing given values. */
    static final class ConditionException extends Exception {

        private static final long serialVersionUID = 1L;

        ConditionException(String message) {
            super(message);
        }
    }

    /** Reads a condition about inputs with these ids. */
    static Condition parse(String text, Set<String> inputs) throws ConditionException {
        Parser parser = new Parser(tokens(text), inputs);
        Expression expression = parser.either();
        parser.end();
        return new Condition(text, expression);
    }

    /**
     * Whether it holds.
     *
     * @param values the value of each input that has one
     * @throws ConditionException when a number is compared with a text by size
     */
    boolean holds(Map<String, String> values) throws ConditionException {
        Set<String> named = new HashSet<>();
        collect(expression, named);
        return values.keySet().containsAll(named) && truth(value(expression, values));
    }

    private static List<String> tokens(String text) throws ConditionException {
        List<String> tokens = new ArrayList<>();
        Matcher token = TOKEN.matcher(text);
        int at = 0;
        while (!text.substring(at).isBlank()) {
            if (!token.find(at) || token.start() != at) {
                throw new ConditionException("has '" + text.substring(at).strip() + "'");
            }
            tokens.add(token.group(1));
            at = token.end();
        }
        return tokens;
    }

    private static void collect(Expression expression, Set<String> named) {
        if (expression instanceof Named name) {
            named.add(name.input());
        } else if (expression instanceof Both both) {
            collect(both.left(), named);
            collect(both.right(), named);
        } else if (expression instanceof Either either) {
            collect(either.left(), named);
            collect(either.right(), named);
        } else if (expression instanceof Comparison comparison) {
            collect(comparison.left(), named);
            collect(comparison.right(), named);
        }
    }

    private static Object value(Expression expression, Map<String, String> values) throws ConditionException {
        if (expression instanceof Literal literal) {
            return literal.value();
        } else if (expression instanceof Both both) {
            return truth(value(both.left(), values)) && truth(value(both.right(), values));
        } else if (expression instanceof Either either) {
            return truth(value(either.left(), values)) || truth(value(either.right(), values));
        } else if (expression instanceof Comparison comparison) {
            return compare(comparison.operator(), value(comparison.left(), values), value(comparison.right(), values));
        }
        String given = values.getOrDefault(((Named) expression).input(), "");
        return NUMBER_GIVEN.matches(given) ? new BigDecimal(given) : given;
    }

    private static boolean truth(Object value) {
        if (value instanceof BigDecimal number) {
            return number.signum() != 0;
        }
        return value instanceof Boolean truth ? truth : !value.equals("");
    }

    private static boolean compare(String operator, Object left, Object right) throws ConditionException {
        boolean numbers = left instanceof BigDecimal && right instanceof BigDecimal;
        boolean texts = left instanceof String && right instanceof String;
        if (!numbers && !texts) {
            return switch (operator) {
                case "==" -> left.equals(right);
                case "!=" -> !left.equals(right);
                default ->
                    throw new ConditionException("compares '" + left + "' with '" + right + "', which have no order");
            };
        }
        int order =
                numbers ? ((BigDecimal) left).compareTo((BigDecimal) right) : ((String) left).compareTo((String) right);
        return switch (operator) {
            case "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case ">" -> order > 0;
            case "<=" -> order <= 0;
            default -> order >= 0;
        };
    }

    /** By recursive descent; {@code or} binds least. */
    private static final class Parser {

        private static final int DEEPEST = 50;

        private final List<String> tokens;
        private final Set<String> inputs;
        private int at;
        private int depth;

        Parser(List<String> tokens, Set<String> inputs) {
            this.tokens = tokens;
            this.inputs = inputs;
        }

        Expression either() throws ConditionException {
            Expression left = both();
            while (take("or")) {
                left = new Either(left, both());
            }
            return left;
        }

        private Expression both() throws ConditionException {
            Expression left = comparison();
            while (take("and")) {
                left = new Both(left, comparison());
            }
            return left;
        }

        private Expression comparison() throws ConditionException {
            Expression left = value();
            if (at < tokens.size() && COMPARISONS.contains(tokens.get(at))) {
                String operator = tokens.get(at++);
                return new Comparison(operator, left, value());
            }
            return left;
        }

        private Expression value() throws ConditionException {
            if (at == tokens.size()) {
                throw new ConditionException("ends too early");
            }
            String token = tokens.get(at++);
            if (token.equals("(")) {
                if (++depth > DEEPEST) {
                    throw new ConditionException("is nested too deep");
                }
                Expression inner = either();
                if (!take(")")) {
                    throw new ConditionException("lacks a ')'");
                }
                depth--;
                return inner;
            }
            if (inputs.contains(token)) {
                return new Named(token);
            }
            if (NUMBER.matches(token)) {
                return new Literal(new BigDecimal(token));
            }
            throw new ConditionException("has '" + token + "', which is neither an input nor a number");
        }

        private boolean take(String token) {
            boolean there = at < tokens.size() && tokens.get(at).equals(token);
            at += there ? 1 : 0;
            return there;
        }

        void end() throws ConditionException {
            if (at < tokens.size()) {
                throw new ConditionException("has '" + tokens.get(at) + "' too much");
            }
        }
    }
}
