package org.datman.contracts.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Roles of files on the wire. */
class FileRoleTest {

    @Test
    void theTextsOnTheWireAreThoseOfEver() {
        // Given
        List<FileRole> roles = Arrays.asList(FileRole.values());

        // When
        List<String> keys = roles.stream().map(FileRole::key).toList();

        // Then
        assertThat(keys)
                .containsExactly(
                        "nifti",
                        "sidecar",
                        "bval",
                        "bvec",
                        "dicom",
                        "provenance",
                        "log",
                        "picture",
                        "metrics",
                        "earlier-metrics",
                        "likeness",
                        "report",
                        "resource",
                        "output",
                        "state",
                        "other");
    }

    @ParameterizedTest
    @EnumSource
    void aRoleIsAPlainTextAndComesBack(FileRole role) throws Exception {
        // Given
        FileRef file = new FileRef(role, "STU/nii/a", 1, "ab");

        // When
        String json = EventJson.mapper().writeValueAsString(file);

        // Then
        assertThat(json).contains("\"role\":\"" + role.key() + "\"");
        assertThat(EventJson.mapper().readValue(json, FileRef.class)).isEqualTo(file);
    }

    /** An event of a newer or older DATMAN is read; its file keeps path and digest, by which it is shown and checked. */
    @Test
    void aRoleThatIsUnknownIsAFileOfNoKnownRole() throws Exception {
        // Given
        byte[] json = "{\"role\":\"hologram\",\"path\":\"STU/x/a.bin\",\"size\":3,\"sha256\":\"ab\"}"
                .getBytes(StandardCharsets.UTF_8);

        // When
        FileRef read = EventJson.mapper().readValue(json, FileRef.class);

        // Then
        assertThat(read).isEqualTo(new FileRef(FileRole.OTHER, "STU/x/a.bin", 3, "ab"));
    }
}
