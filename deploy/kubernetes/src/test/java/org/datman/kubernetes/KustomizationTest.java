package org.datman.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the other tests look at is what {@code kubectl apply -k} would send. */
class KustomizationTest {

    @ParameterizedTest
    @ValueSource(strings = {"overlays/cluster", "overlays/single-node", "new-archive"})
    void kustomizeMakesTheSameObjects(String folder) throws Exception {
        // Given
        assumeThat(Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, "kubectl"))))
                .as("no kubectl is on the PATH")
                .isTrue();

        // When
        Process process = new ProcessBuilder("kubectl", "kustomize", folder)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<JsonNode> made;
        try (JsonParser parser = Kustomization.YAML.getFactory().createParser(process.getInputStream())) {
            made = Kustomization.YAML.readValues(parser, JsonNode.class).readAll();
        }

        // Then
        assertThat(process.waitFor()).isZero();
        assertThat(made)
                .allSatisfy(object -> assertThat(object.path("kind").asText().matches("Namespace|PriorityClass"))
                        .isNotEqualTo(object.at("/metadata/namespace").asText().equals("datman")));
        assertThat(made.stream().map(Kustomization::withoutNamespace))
                .containsExactlyInAnyOrderElementsOf(Kustomization.objects(Path.of(folder)));
    }
}
