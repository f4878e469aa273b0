package org.datman.contracts.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.datman.contracts.event.Examples.Example;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written down as an example holds: for schemas, for today's code, and for ever. */
class ExamplesTest {

    private static final List<String> LIMITS = List.of(
            "--is-zero",
            "--is-negative",
            "--is-a-number",
            "--is-too-short",
            "--is-absolute",
            "--is-in-upper-case",
            "--is-not-a-digest");

    @ParameterizedTest
    @EnumSource
    void everyEventHasExamplesOfEachKind(EventType type) {
        // Given
        List<String> kinds = Examples.kinds(type);

        // When
        List<Long> counts = Stream.of("valid", "invalid", "v1-2026-11")
                .map(kind -> Examples.of(type, kind).count())
                .toList();

        // Then
        assertThat(kinds).contains("valid", "invalid", "v1-2026-11");
        assertThat(counts.get(0)).as("files in examples/%s/valid", type.topic()).isGreaterThanOrEqualTo(2);
        assertThat(counts.get(1))
                .as("files in examples/%s/invalid", type.topic())
                .isGreaterThanOrEqualTo(3);
        assertThat(counts.get(2))
                .as("files in examples/%s/v1-2026-11, as first published", type.topic())
                .isGreaterThanOrEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("valid")
    void aValidExampleIsValid(Example example) throws Exception {
        // Given
        JsonNode payload = Schemas.json(example.payload());

        // When
        List<String> problems = Schemas.problems(example.type(), payload);

        // Then
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("valid")
    void aValidExampleIsReadAndWrittenAsItWas(Example example) throws Exception {
        // Given
        JsonNode before = Schemas.json(example.payload());

        // When
        Event event = EventJson.read(example.payload(), example.type().payload());

        // Then
        assertThat(Schemas.json(EventJson.write(event))).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void anInvalidExampleIsRefusedByTheSchemaWithTheFieldsName(Example example) throws Exception {
        // Given
        JsonNode payload = Schemas.json(example.payload());

        // When
        List<String> problems = Schemas.problems(example.type(), payload);

        // Then
        assertThat(problems).isNotEmpty().allSatisfy(problem -> assertNamesTheField(problem, example));
    }

    @ParameterizedTest
    @MethodSource("ofTheWrongShape")
    void anExampleOfTheWrongShapeIsRefusedByTheReaderWithTheFieldsName(Example example) {
        // Given
        Class<? extends Event> type = example.type().payload();

        // When
        EventFormatException refusal =
                catchThrowableOfType(EventFormatException.class, () -> EventJson.read(example.payload(), type));

        // Then
        assertThat(refusal)
                .as(
                        "%s is read without a fault. If only the schema refuses it, its name has one of %s",
                        example, LIMITS)
                .isNotNull();
        assertNamesTheField(refusal.getMessage(), example);
    }

    @ParameterizedTest
    @MethodSource("released")
    void whatWasOncePublishedCanBeReadForEver(Example example) throws Exception {
        // Given
        JsonNode before = Schemas.json(example.payload());

        // When
        Event event = EventJson.read(example.payload(), example.type().payload());

        // Then
        assertThat(event.key()).isNotBlank();
        assertThat(Schemas.json(EventJson.write(event))).isEqualTo(before);
        assertThat(Schemas.problems(example.type(), before)).isEmpty();
    }

    static Stream<Example> valid() {
        return Examples.all("valid");
    }

    static Stream<Example> invalid() {
        return Examples.all("invalid");
    }

    /** All but those that break only a limit of the schema: the reader takes the payload's shape, the schema its values too. */
    static Stream<Example> ofTheWrongShape() {
        return invalid().filter(example -> LIMITS.stream().noneMatch(example.name()::contains));
    }

    static Stream<Example> released() {
        return Examples.released();
    }

    /** The file name begins with the field's name: {@code fileCount--is-negative.json}. */
    private static void assertNamesTheField(String message, Example example) {
        assertThat(message).contains(example.name().substring(0, example.name().indexOf("--")));
    }
}
