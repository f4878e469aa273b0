package org.datman.export.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourcePathTest {

    @Test
    void namesStayAsTheyAre() throws Exception {
        // When
        String path = ResourcePath.of("behav", "Läufe #1/log + notes (2).txt");

        // Then
        assertThat(path).isEqualTo("behav/Läufe #1/log + notes (2).txt");
    }

    @Test
    void whatCannotBeInANameBecomesAnUnderscore() throws Exception {
        // When
        String path = ResourcePath.of("a/b", "x\\y\n\u202Etxt");

        // Then
        assertThat(path).isEqualTo("a_b/x_y__txt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "/etc/passwd", "a//b", ".", "a/.", ""})
    void whatLeadsElsewhereIsRefused(String path) {
        // When
        // Then
        assertThatThrownBy(() -> ResourcePath.of("behav", path))
                .isInstanceOfSatisfying(
                        ResourcePath.InvalidPathException.class,
                        refused -> assertThat(refused.reason().code()).isEqualTo("path-refused"));
    }

    @Test
    void aLabelThatLeadsElsewhereIsRefused() {
        // When
        // Then
        assertThatThrownBy(() -> ResourcePath.of("..", "x")).isInstanceOf(ResourcePath.InvalidPathException.class);
    }
}
