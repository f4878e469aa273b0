package org.datman.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeapsTest {

    @Test
    void aServiceHasTheHeapThatTheEnvironmentStatesAndElseTheUsualOne() throws IOException {
        // Given
        Map<String, String> environment = Map.of("DATMAN_QC_HEAP", "3g", "DATMAN_INGEST_HEAP", "512m");

        // When
        Map<String, String> heaps = Heaps.of(List.of("qc", "ingest", "export", "tagging"), environment);

        // Then
        assertThat(heaps).isEqualTo(Map.of("qc", "3g", "ingest", "512m", "export", "384m", "tagging", "256m"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3000", "3 g", "-1g", "1.5g", "g", "127m", "0g", "99999999g", "3G"})
    void whatIsNoSizeIsRefusedWithItsNameAndWhatItMustBe(String given) {
        // Given
        Map<String, String> environment = Map.of("DATMAN_QC_HEAP", given);

        // When
        ThrowableAssertAlternative<IOException> thrown =
                assertThatIOException().isThrownBy(() -> Heaps.of(List.of("qc"), environment));

        // Then
        thrown.withMessageContaining("DATMAN_QC_HEAP is '" + given + "'").withMessageContaining("2048m or 3g");
    }

    @Test
    void theDocumentationNamesEachSettingAndWhatIsUsual() throws IOException {
        // Given
        String page = Files.readString(Path.of(System.getProperty("datman.root"), "docs/operations.md"));

        // When
        Map<String, String> heaps = Heaps.of(Supervisor.SERVICES, Map.of());

        // Then
        heaps.forEach(
                (service, heap) -> assertThat(page).contains("| `" + Heaps.variable(service) + "` | " + heap + " |"));
    }
}
