package org.datman.export.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairedPathTest {

    @Test
    void namesStayAsTheyAre() throws Exception {
        // When
        String path = PairedPath.of("behav", "Läufe #1/log + notes (2).txt");

        // Then
        assertThat(path).isEqualTo("behav/Läufe #1/log + notes (2).txt");
    }

    @Test
    void whatCannotBeInANameBecomesAnUnderscore() throws Exception {
        // When
        String path = PairedPath.of("a/b", "x\\y\n\u202Etxt");

        // Then
        assertThat(path).isEqualTo("a_b/x_y__txt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "/etc/passwd", "a//b", ".", "a/.", ""})
    void whatLeadsElsewhereIsRefused(String path) {
        // When
        // Then
        assertThatThrownBy(() -> PairedPath.of("behav", path))
                .isInstanceOfSatisfying(
                        PairedPath.InvalidPathException.class,
                        refused -> assertThat(refused.reason().code()).isEqualTo("path-refused"));
    }

    @Test
    void aLabelThatLeadsElsewhereIsRefused() {
        // When
        // Then
        assertThatThrownBy(() -> PairedPath.of("..", "x")).isInstanceOf(PairedPath.InvalidPathException.class);
    }
}
