package org.datman.ingest.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderFactsTest {

    /** An IS has up to 12 characters; a longer or non-numeric value is ignored. */
    @ParameterizedTest
    @CsvSource({
        "3, 3",
        "' 17 ', 17",
        "1203040506, 1203040506",
        "999999999999, 999999999999",
        "-2147483648, -2147483648",
        "+5, 5",
        "1234567890123,",
        "3a,",
        "'',"
    })
    void aSeriesNumberIsAWholeIs(String element, Long number) {
        // Given
        HeaderFacts header = new HeaderFacts(Map.of("SeriesNumber", element), null, null, null);

        // When
        Optional<Long> read = header.seriesNumber();

        // Then
        assertThat(read).isEqualTo(Optional.ofNullable(number));
    }

    @ParameterizedTest
    @CsvSource({
        "20240229, 2024-02-29",
        // Blanked, and in no calendar.
        "00000000, ",
        "20230229, ",
        "2024022, ",
        "2024-02-29, ",
        "'', ",
    })
    void theDayIsThatOfTheCalendar(String element, LocalDate day) {
        // Given
        HeaderFacts header = new HeaderFacts(Map.of("StudyDate", element), null, null, null);

        // When
        Optional<LocalDate> date = header.studyDate();

        // Then
        assertThat(date).isEqualTo(Optional.ofNullable(day));
    }
}
