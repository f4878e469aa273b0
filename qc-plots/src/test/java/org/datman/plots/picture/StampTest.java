package org.datman.plots.picture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StampTest {

    private static final String LONG =
            "STUDY01_CMH_0001_01_01_RST_07_" + "Resting-State-fMRI-".repeat(9).substring(0, 162) + "LAST-7-x";

    @ParameterizedTest
    @CsvSource({"40, 40", "9, 9", "5, 5", "0, 0", "500, 200"})
    void whatIsShortenedHasNoMoreThanItMay(int most, int length) {
        // When
        String shortened = Stamp.shortened(LONG, most);

        // Then
        assertThat(shortened).hasSize(length);
    }

    @Test
    void beginningAndEndOfANameAreKept() {
        // When
        String shortened = Stamp.shortened(LONG, 40);

        // Then
        assertThat(shortened).startsWith("STUDY01_CMH_0001").contains("...").endsWith("LAST-7-x");
    }
}
