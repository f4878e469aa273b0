package org.datman.contracts.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** XNAT's scan ids: texts that begin with a number as a rule. */
class ScanIdTest {

    @ParameterizedTest
    @CsvSource({
        "4, 4, 4",
        "04, 4, 4",
        "4-MR1, 4, ",
        "4_2, 4, ",
        "123456789012, 123456789012, 123456789012",
        // Of more than twelve digits none is a series number: the first twelve would be another one.
        "1234567890123, , ",
        "1234567890123-MR1, , ",
        "MR1, , ",
        "-4, , ",
        "'', , ",
        // Digits of other scripts are not numbers of DICOM.
        "٤, , ",
    })
    void aNumberIsWhatTheIdBeginsWith(String text, Long leading, Long whole) {
        // Given
        ScanId scan = new ScanId(text);

        // When
        List<Optional<Long>> numbers = List.of(scan.number(), scan.wholeNumber());

        // Then
        assertThat(numbers).containsExactly(Optional.ofNullable(leading), Optional.ofNullable(whole));
    }

    @Test
    void idsAreInTheOrderOfTheirNumbers() {
        // Given
        Stream<ScanId> scans =
                Stream.of("10", "OTHER", "4-MR2", "4", "4-MR1", "1234567890123").map(ScanId::new);

        // When
        List<String> sorted = scans.sorted().map(ScanId::text).toList();

        // Then
        assertThat(sorted).containsExactly("4", "4-MR1", "4-MR2", "10", "1234567890123", "OTHER");
    }

    @Test
    void jsonHasAPlainText() throws Exception {
        // Given
        ScanId scan = new ScanId("4-MR1");

        // When
        String json = EventJson.mapper().writeValueAsString(scan);

        // Then
        assertThat(json).isEqualTo("\"4-MR1\"");
        assertThat(EventJson.mapper().readValue(json, ScanId.class)).isEqualTo(scan);
    }
}
