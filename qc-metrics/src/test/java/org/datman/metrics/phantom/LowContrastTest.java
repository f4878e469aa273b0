package org.datman.metrics.phantom;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counting of complete spokes; one letter per spoke from the largest, {@code y} when its three holes are visible. */
class LowContrastTest {

    @ParameterizedTest
    @CsvSource({
        "yyyyyyyyyy, 10",
        "yyyynynnnn, 4",
        "nyyyyyynnn, 7",
        "nyynnnnnnn, 3",
        "nynyyyyynn, 0",
        "nnyyyyynnn, 0",
        "nnnnnnnnnn, 0",
    })
    void aMissedFirstSpokeCountsWhenTheNextTwoAreComplete(String complete, int expected) {
        // Given: a spoke that is not complete lacks its outer hole
        boolean[][] slice = new boolean[complete.length()][];
        for (int spoke = 0; spoke < slice.length; spoke++) {
            slice[spoke] = new boolean[] {true, true, complete.charAt(spoke) == 'y'};
        }

        // When
        int spokes = LowContrast.spokes(slice);

        // Then
        assertThat(spokes).isEqualTo(expected);
    }
}
