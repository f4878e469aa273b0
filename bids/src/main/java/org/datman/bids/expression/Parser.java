package org.datman.bids.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.datman.bids.expression.Expression.Binary;
import org.datman.bids.expression.Expression.Call;
import org.datman.bids.expression.Expression.Items;
import org.datman.bids.expression.Expression.Literal;
import org.datman.bids.expression.Expression.Name;
import org.datman.bids.expression.Expression.Property;
import org.datman.bids.expression.Expression.Term;
import org.datman.bids.expression.Expression.Unary;

/** Recursive descent over the operators by how tightly they bind. A backslash in a text stands for itself: texts are patterns. */
final class Parser {

    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(?<number>\\d+(?:\\.\\d+)?)|(?<text>\"[^\"]*\"|'[^']*')|(?<name>[A-Za-z_]\\w*)|(?<sign>\\*\\*|&&|\\|\\||[=!<>]=|[-+*/%<>!()\\[\\]{}.,]))\\s*");

    private static final Map<String, Integer> BINDING = Map.ofEntries(
            Map.entry("||", 1),
            Map.entry("&&", 2),
            Map.entry("==", 3),
            Map.entry("!=", 3),
            Map.entry("<", 4),
            Map.entry(">", 4),
            Map.entry("<=", 4),
            Map.entry(">=", 4),
            Map.entry("in", 4),
            Map.entry("+", 5),
            Map.entry("-", 5),
            Map.entry("*", 6),
            Map.entry("/", 6),
            Map.entry("%", 6),
            Map.entry("**", 7));

    private enum Kind {
        NUMBER,
        TEXT,
        NAME,
        SIGN,
        END
    }

    private record Token(Kind kind, String text) {}

    private final String source;
    private final Matcher tokens;
    private int place;
    private Token next;

    Parser(String source) {
        this.source = source;
        tokens = TOKEN.matcher(source);
        next = scan();
    }

    Term parse() {
        Term whole = binary(1);
        if (next.kind() != Kind.END) {
            throw fault("an operator is expected before '" + next.text() + "'");
        }
        return whole;
    }

    private Term binary(int weakest) {
        Term left = unary();
        while (true) {
            String operator = next.text();
            int binding = next.kind() == Kind.SIGN || operator.equals("in") ? BINDING.getOrDefault(operator, 0) : 0;
            if (binding < weakest) {
                return left;
            }
            advance();
            // Powers are taken from the right, everything else from the left.
            left = new Binary(operator, left, binary(operator.equals("**") ? binding : binding + 1));
        }
    }

    private Term unary() {
        if (isSign("!") || isSign("-")) {
            String operator = advance().text();
            return new Unary(operator, unary());
        }
        Term term = primary();
        while (true) {
            if (isSign(".")) {
                advance();
                if (next.kind() != Kind.NAME) {
                    throw fault("a name is expected after '.'");
                }
                term = new Property(term, new Literal(advance().text()));
            } else if (isSign("[")) {
                advance();
                term = new Property(term, binary(1));
                expect("]");
            } else if (isSign("(")) {
                if (!(term instanceof Name function)) {
                    throw fault("only a function can be called");
                }
                advance();
                term = new Call(function.name(), list(")"));
            } else {
                return term;
            }
        }
    }

    private Term primary() {
        Token token = advance();
        return switch (token.kind()) {
            case NUMBER -> new Literal(Double.valueOf(token.text()));
            case TEXT -> new Literal(token.text().substring(1, token.text().length() - 1));
            case NAME ->
                switch (token.text()) {
                    case "true" -> new Literal(true);
                    case "false" -> new Literal(false);
                    case "null" -> new Literal(Absent.NULL);
                    default -> new Name(token.text());
                };
            case SIGN ->
                switch (token.text()) {
                    case "(" -> {
                        Term inner = binary(1);
                        expect(")");
                        yield inner;
                    }
                    case "[" -> new Items(list("]"));
                    case "{" -> {
                        expect("}");
                        yield new Literal(Map.of());
                    }
                    default -> throw fault("a value is expected instead of '" + token.text() + "'");
                };
            case END -> throw fault("a value is expected at the end");
        };
    }

    private List<Term> list(String end) {
        List<Term> terms = new ArrayList<>();
        while (!isSign(end)) {
            terms.add(binary(1));
            if (!isSign(end)) {
                expect(",");
            }
        }
        advance();
        return List.copyOf(terms);
    }

    private boolean isSign(String sign) {
        return next.kind() == Kind.SIGN && next.text().equals(sign);
    }

    private void expect(String sign) {
        if (!isSign(sign)) {
            throw fault("'" + sign + "' is expected instead of '" + next.text() + "'");
        }
        advance();
    }

    private Token advance() {
        Token token = next;
        next = scan();
        return token;
    }

    private Token scan() {
        if (source.substring(place).isBlank()) {
            place = source.length();
            return new Token(Kind.END, "");
        }
        if (!tokens.find(place) || tokens.start() != place) {
            throw fault("a character that no expression has");
        }
        place = tokens.end();
        for (Kind kind : List.of(Kind.NUMBER, Kind.TEXT, Kind.NAME, Kind.SIGN)) {
            String text = tokens.group(kind.name().toLowerCase(java.util.Locale.ROOT));
            if (text != null) {
                return new Token(kind, text);
            }
        }
        throw new IllegalStateException(source);
    }

    private IllegalArgumentException fault(String what) {
        return new IllegalArgumentException(what + ", at character " + place + " of the expression: " + source);
    }
}
