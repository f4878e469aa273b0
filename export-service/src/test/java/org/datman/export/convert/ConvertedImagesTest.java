package org.datman.export.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvertedImagesTest {

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "a, ''",
        "_ph, ph",
        "_pha, ph",
        "_e2_ph, e2-ph",
        "_i00008, i00008",
        "_i00008a, i00008",
        "_fieldmaphz, fieldmaphz",
        "_ADC, ADC",
    })
    void lettersThatDependOnTheOrderOfReadingAreDropped(String suffixes, String expected) {
        // When
        List<String> tokens = ConvertedImages.tokens(suffixes);

        // Then
        assertThat(String.join("-", tokens)).isEqualTo(expected);
    }
}
