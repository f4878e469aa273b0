package org.datman.contracts.naming;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PercentEncodingTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "T1_w-3.nii, T1_w-3.nii",
                "a/b c#+%ä, a%2Fb%20c%23%2B%25%C3%A4",
                "*~\\?&=, %2A%7E%5C%3F%26%3D",
            })
    void onlyLettersDigitsHyphenDotAndLowLineStay(String part, String expected) {
        // When
        String encoded = PercentEncoding.encode(part);

        // Then
        assertThat(encoded).isEqualTo(expected);
        assertThat(PercentEncoding.decode(encoded)).isEqualTo(part);
        assertThat(PercentEncoding.decodeForm(encoded)).isEqualTo(part);
    }

    @Test
    void aPlusIsABlankOnlyInAForm() {
        // Given
        String part = "a+b%20c";

        // When
        String ofPath = PercentEncoding.decode(part);

        // Then
        assertThat(ofPath).isEqualTo("a+b c");
        assertThat(PercentEncoding.decodeForm(part)).isEqualTo("a b c");
    }
}
