package org.datman.export.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SeriesTagged;
import org.datman.export.convert.Dcm2niix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of several converters a series is converted by. */
class SeveralConvertersTest {

    private static final String OLD = "v1.0.19990101";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {":", " ", " : "})
    void aListWithoutAProgramIsRefusedByItsName(String programs) {
        // When / Then
        assertThatThrownBy(() -> Dcm2niix.of(programs, Duration.ofMinutes(1), 8192))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DATMAN_DCM2NIIX");
    }

    @Test
    void aSeriesThatTheFirstCannotConvertIsConvertedByTheNext() throws IOException {
        // Given
        String programs = unable("echo 'Error: Unsupported transfer syntax'; exit 2") + ":dcm2niix";

        try (ExportFixture fixture = new ExportFixture(folder, programs, Duration.ofMinutes(1))) {
            // When
            SeriesExported exported = fixture.export(fixture.t1(fixture.loadT1(4)));

            // Then
            assertThat(exported.outcome()).as("%s", exported.reason()).isEqualTo(Outcome.EXPORTED);
            assertThat(exported.products().get(0).dimensions()).containsExactly(16, 16, 4, 1);
            assertThat(exported.converter().orElseThrow().version()).isNotEqualTo(OLD);
            assertThat(conversion(fixture, exported).get("remarks").get(0).textValue())
                    .contains("not everything was converted by " + OLD + ": Error: Unsupported transfer syntax");
        }
    }

    @Test
    void theNextIsNotStartedOnASeriesThatTheFirstConverts() throws IOException {
        // Given
        String programs = "dcm2niix:" + unable("touch " + folder.resolve("started"));

        try (ExportFixture fixture = new ExportFixture(folder, programs, Duration.ofMinutes(1))) {
            // When
            SeriesExported exported = fixture.export(fixture.t1(fixture.loadT1(4)));

            // Then
            assertThat(exported.outcome()).isEqualTo(Outcome.EXPORTED);
            assertThat(folder.resolve("started")).doesNotExist();
            assertThat(conversion(fixture, exported).get("remarks").toString()).doesNotContain("not everything");
        }
    }

    @Test
    void whereNoneConvertsTheReasonIsThatOfTheFirst() throws IOException {
        // Given
        Path old = unable("echo 'Error: the first cannot'; exit 2");
        Path other = folder.resolve("other");
        Files.writeString(other, Files.readString(old).replace("the first cannot", "the second cannot"));
        assertThat(other.toFile().setExecutable(true)).isTrue();

        try (ExportFixture fixture = new ExportFixture(folder, old + ":" + other, Duration.ofMinutes(1))) {
            // When
            SeriesExported exported = fixture.export(fixture.t1(fixture.loadT1(4)));

            // Then
            assertThat(exported.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(exported.reason().orElseThrow().code()).isEqualTo("not-converted");
            assertThat(exported.reason().orElseThrow().message()).contains("the first cannot");
        }
    }

    @Test
    void deliveredAgainNothingIsConvertedAgain() throws IOException {
        // Given
        String programs = unable("echo 'Error: no'; echo x >> " + folder.resolve("runs") + "; exit 2") + ":dcm2niix";

        try (ExportFixture fixture = new ExportFixture(folder, programs, Duration.ofMinutes(1))) {
            SeriesTagged tagged = fixture.t1(fixture.loadT1(4));
            SeriesExported first = fixture.export(tagged);

            // When
            SeriesExported second = fixture.export(tagged);

            // Then
            assertThat(second.runKey()).isEqualTo(first.runKey());
            assertThat(Files.readAllLines(folder.resolve("runs"))).hasSize(1);
        }
    }

    /** A converter that states a version and does what is given instead of converting. */
    private Path unable(String command) throws IOException {
        Path script = folder.resolve("unable");
        Files.writeString(
                script, "#!/bin/sh\nif [ \"$1\" = --version ]; then echo '" + OLD + "'; exit 0; fi\n" + command + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }

    private static JsonNode conversion(ExportFixture fixture, SeriesExported exported) throws IOException {
        Path file = fixture.archive.resolve(exported.products()
                .get(0)
                .file(FileRole.PROVENANCE)
                .orElseThrow()
                .path());
        return new ObjectMapper().readTree(file.toFile()).get("conversion");
    }
}
