package org.datman.contracts.naming;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The conformance tables of the naming grammar; decisions that differ from the old parser stand beside their rows. */
class ConformanceTest {

    @ParameterizedTest(name = "{0} [{1}] [{2}] -> {3}")
    @MethodSource
    void ids(String input, String type, String map, String expected) {
        // Given
        IdMap idMap = Table.map(map);

        // When
        String read = describe(() -> fields(DatmanIds.parse(Table.input(input), IdType.valueOf(type), idMap)));

        // Then
        assertThat(read).isEqualTo(expected);
    }

    static Stream<Arguments> ids() {
        return rows("/naming/ids.tsv");
    }

    @ParameterizedTest(name = "{0} [{1}] -> {2}")
    @MethodSource
    void kcni(String input, String map, String expected) {
        // Given
        IdMap idMap = Table.map(map);
        DatmanId id = DatmanIds.parse(input);

        // When
        String written = describe(() -> DatmanIds.toKcni(id, idMap));

        // Then
        assertThat(written).isEqualTo(expected);
    }

    static Stream<Arguments> kcni() {
        return rows("/naming/kcni.tsv");
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @MethodSource
    void files(String input, String expected) {
        // Given
        String text = Table.input(input);

        // When
        String read = describe(() -> {
            FileName name = FileName.parse(text);
            return String.join("|", name.id().toString(), name.tag(), name.series(), name.description());
        });

        // Then
        assertThat(read).isEqualTo(expected);
    }

    static Stream<Arguments> files() {
        return rows("/naming/files.tsv");
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @MethodSource
    void bids(String input, String expected) {
        // Given
        String text = Table.input(input);

        // When
        String read = describe(() -> BidsName.parse(text).toString());

        // Then
        assertThat(read).isEqualTo(expected);
    }

    static Stream<Arguments> bids() {
        return rows("/naming/bids.tsv");
    }

    private static Stream<Arguments> rows(String resource) {
        return Table.rows(resource).stream().map(row -> Arguments.of((Object[]) row));
    }

    private static String fields(DatmanId id) {
        return String.join(
                "/",
                id.study(),
                id.site(),
                id.subject(),
                id.timepoint(),
                id.findSession().orElse(""),
                id.modality());
    }

    private static String describe(Supplier<String> read) {
        try {
            return read.get();
        } catch (NamingException e) {
            return "error:" + e.field();
        }
    }
}
