package org.datman.pipeline.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.InputSet;
import org.junit.jupiter.api.Test;

class ToolRunKeyTest {

    private static final FileRef T1 = new FileRef(FileRole.NIFTI, "TST/nii/a.nii.gz", 1, "11");
    private static final FileRef T2 = new FileRef(FileRole.NIFTI, "TST/nii/b.nii.gz", 1, "22");

    @Test
    void theOrderOfParametersAndInputsAndTheNamesOfFilesDoNotMatter() {
        // Given
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("b", "2");
        parameters.put("a", "1");
        Map<String, FileRef> inputs = new LinkedHashMap<>();
        inputs.put("y", new FileRef(FileRole.NIFTI, "TST/nii/renamed.nii.gz", 1, "22"));
        inputs.put("x", T1);

        // When
        String key = key("tool", "1", "d", parameters, inputs);

        // Then
        assertThat(key)
                .isEqualTo(key("tool", "1", "d", Map.of("a", "1", "b", "2"), Map.of("x", T1, "y", T2)))
                .isEqualTo("616157f6f63824d7cbc90fdf0e53f4ba9a0b965b9f5fd952fc4fcfedf438fc6d");
    }

    @Test
    void whateverChangesTheResultChangesTheKey() {
        // When
        Set<String> keys = new HashSet<>();
        keys.add(key("tool", "1", "d", Map.of("a", "1"), Map.of("x", T1, "y", T2)));
        keys.add(key("tool2", "1", "d", Map.of("a", "1"), Map.of("x", T1, "y", T2)));
        keys.add(key("tool", "2", "d", Map.of("a", "1"), Map.of("x", T1, "y", T2)));
        keys.add(key("tool", "1", "e", Map.of("a", "1"), Map.of("x", T1, "y", T2)));
        keys.add(key("tool", "1", "d", Map.of("a", "2"), Map.of("x", T1, "y", T2)));
        keys.add(key("tool", "1", "d", Map.of("b", "1"), Map.of("x", T1, "y", T2)));
        keys.add(key("tool", "1", "d", Map.of("a", "1"), Map.of("x", T2, "y", T1)));
        keys.add(key("tool", "1", "d", Map.of("a", "1"), Map.of("x", T1)));
        keys.add(key("tool", "1", "d\",\"x", Map.of("a", "1"), Map.of("x", T1, "y", T2)));

        keys.add(keyOfImage(image("1")));
        keys.add(keyOfImage(image("2")));
        keys.add(keyOfSet(new InputSet(Optional.empty(), List.of(T1, T2))));
        keys.add(keyOfSet(new InputSet(Optional.empty(), List.of(T2, T1))));
        keys.add(keyOfSet(new InputSet(Optional.empty(), List.of(T1))));
        keys.add(keyOfSet(new InputSet(Optional.of("TST"), List.of(T1))));

        // Then
        assertThat(keys).hasSize(15);
    }

    @Test
    void theRegistryOfAnImageDoesNotMatter() {
        // When
        String key = keyOfImage(image("1"));

        // Then
        assertThat(key).isEqualTo(keyOfImage("mirror.lab.org/" + image("1")));
    }

    private static String image(String digit) {
        return "docker.io/lab/tool@sha256:" + digit.repeat(64);
    }

    private static String keyOfImage(String image) {
        return ToolRunKey.of("tool", "1", "d", Map.of("a", "1"), Map.of("x", T1, "y", T2), Map.of(), image);
    }

    private static String key(
            String tool,
            String version,
            String descriptor,
            Map<String, String> parameters,
            Map<String, FileRef> inputs) {
        return ToolRunKey.of(tool, version, descriptor, parameters, inputs, Map.of(), null);
    }

    private static String keyOfSet(InputSet set) {
        return ToolRunKey.of("tool", "1", "d", Map.of("a", "1"), Map.of(), Map.of("x", set), null);
    }
}
