package org.datman.export.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.datman.contracts.study.Part;
import org.junit.jupiter.api.Test;

/** Which earlier image is replaced by a new image. */
class ImageFactsTest {

    private static final ImageFacts MADE = new ImageFacts(
            1,
            Optional.of(30.0),
            Part.MAGNITUDE,
            "",
            4,
            1,
            false,
            List.of(64, 64, 36, 200),
            "INT16",
            "a",
            Optional.of("j-"),
            Optional.empty());

    @Test
    void anImageOfBeforeWhoseDirectionWasNotKeptIsOfTheSameKind() {
        // Given
        ImageFacts old = MADE.withPhaseEncodingDirection(Optional.empty());

        // When
        boolean same = MADE.isSameKind(old) && old.isSameKind(MADE);

        // Then
        assertThat(same).isTrue();
    }

    @Test
    void theOtherPolarityIsAnotherKind() {
        // Given
        ImageFacts reversed = MADE.withPhaseEncodingDirection(Optional.of("j"));

        // When
        boolean same = MADE.isSameKind(reversed);

        // Then
        assertThat(same).isFalse();
    }

    @Test
    void anEchoThatGotAnotherNumberIsKnownByItsTime() {
        // Given
        ImageFacts renumbered = MADE.withEcho(2);
        ImageFacts other = renumbered.withEchoTime(Optional.of(60.0));

        // When
        List<Boolean> same = List.of(MADE.isSameKind(renumbered), MADE.isSameKind(other));

        // Then
        assertThat(same).containsExactly(true, false);
    }
}
