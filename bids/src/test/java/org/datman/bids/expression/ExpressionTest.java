package org.datman.bids.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.datman.bids.schema.BidsSchema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {

    /** The names that the examples of the schema use. */
    private static final Scope SCOPE = new Scope() {
        @Override
        public Object get(String name) {
            return switch (name) {
                case "sidecar" -> Map.of("Known", 2.0);
                case "entities" -> Map.of("sub", "01");
                default -> Absent.UNDEFINED;
            };
        }

        @Override
        public boolean exists(String path, String where) {
            return path.equals("README") && where.equals("dataset");
        }
    };

    /** The expressions that the schema brings with their results. */
    static Stream<Arguments> examplesOfTheSchema() {
        List<?> tests = (List<?>)
                JsonValues.object(BidsSchema.bundled().whole(), "meta").get("expression_tests");
        return tests.stream()
                .map(JsonValues::object)
                .map(test -> Arguments.of(test.get("expression"), test.get("result")));
    }

    @Test
    void theSchemaBringsExamples() {
        assertThat(examplesOfTheSchema()).hasSizeGreaterThan(70);
    }

    @ParameterizedTest
    @MethodSource("examplesOfTheSchema")
    void examplesOfTheSchemaHaveTheirResults(String expression, Object result) {
        // Given
        Expression parsed = Expression.parse(expression);

        // When
        Object value = parsed.evaluate(SCOPE);

        // Then
        assertThat(value == Absent.UNDEFINED ? Absent.NULL : value).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "2 + 3 * 4 ** 2 == 50 ; true",
                "2 ** 3 ** 2 == 512 ; true",
                "-2 * 3 == -6 ; true",
                "10 ** (-3 * 1) < 0.0011 ; true",
                "!true || 1 < 2 && 2 >= 2 ; true",
                "1 - 2 - 3 == -4 ; true",
                "sidecar.Unknown <= 10 ; false",
                "null <= 10 ; true",
                "'2' == 2 ; true",
                "['a'] == 'a' ; true",
                "'Known' in sidecar ; true",
                "'sub' in entities && !('ses' in entities) ; true",
                "sidecar.Unknown.deeper != null ; false",
                "match('.nii.gz', '^\\.nii(\\.gz)?$') ; true",
                "exists(['README', 'README.md'], 'dataset') == 1 ; true",
                "exists('README', 'subject') == 0 ; true",
                "exists(['bids::x', 'y'], 'bids-uri') == 1 ; true",
                "allequal(sorted(['2', 'n/a', '1'], 'numeric'), ['2', 'n/a', '1']) ; true",
            })
    void valuesAreComparedAsInEcmaScript(String expression, boolean result) {
        assertThat(Expression.parse(expression).holds(SCOPE)).isEqualTo(result);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1 +", "(1", "[1, 2", "a.1", "a b", "1(2)", "a = b", "'open"})
    void whatIsNoExpressionIsRefusedWithItsPlace(String text) {
        assertThatThrownBy(() -> Expression.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of the expression: " + text);
    }

    @Test
    void messagesShowValues() {
        assertThat(Expression.format("for {entities.sub} with {sidecar.Known}, {sidecar.Unknown.deeper}", SCOPE))
                .isEqualTo("for 01 with 2, null");
    }
}
