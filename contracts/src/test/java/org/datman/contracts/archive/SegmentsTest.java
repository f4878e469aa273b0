package org.datman.contracts.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentsTest {

    @ParameterizedTest
    @ValueSource(strings = {"SIM_E00001", "3-MR1", "..", ".hidden", "a b+c*d", "../x/y", "100%", "Zürich", "7.json"})
    void anIdIsFoundAgainInItsSegment(String id) {
        // Given
        String segment = Segments.of(id);

        // When
        String found = Segments.id(segment);

        // Then
        assertThat(found).isEqualTo(id);
        assertThat(segment).doesNotContain("/").doesNotStartWith(".");
    }

    @Test
    void aNameThatIsMadeOfNoIdIsRefused() {
        // Given
        String name = ".nfs0001";

        // When
        // Then
        assertThatThrownBy(() -> Segments.id(name)).isInstanceOf(IllegalArgumentException.class);
    }
}
