package org.datman.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SidecarJsonTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "nan", "-nan", "inf", "-inf", "Infinity", "-Infinity", "INF"})
    void aNumberThatIsNoneIsAbsentAndReported(String word) throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("s.json"), "{\"A\": [" + word + ", 1], \"B\": \"inf, nan: NaN\"}");

        // When
        SidecarJson json = SidecarJson.read(file);

        // Then
        assertThat(json.root().path("A").get(0).isNull()).isTrue();
        assertThat(json.root().path("A").get(1).asInt()).isEqualTo(1);
        assertThat(json.root().path("B").asText()).isEqualTo("inf, nan: NaN");
        assertThat(json.faults()).singleElement().asString().contains("1 number that is NaN or infinite");
    }

    @Test
    void aByteOfLatin1IsReadAndReported() throws Exception {
        // Given
        Path file = Files.write(
                folder.resolve("s.json"),
                "{\"CoilString\": \"K\u00f6rper\", \"RepetitionTime\": 2}".getBytes(StandardCharsets.ISO_8859_1));

        // When
        SidecarJson json = SidecarJson.read(file);

        // Then
        assertThat(json.root().path("CoilString").asText()).isEqualTo("K\u00f6rper");
        assertThat(json.root().path("RepetitionTime").asInt()).isEqualTo(2);
        assertThat(json.faults()).singleElement().asString().contains("not UTF-8");
    }

    @Test
    void aGoodFileHasNoFaultAndATornOneIsRefused() throws Exception {
        // Given
        Path good = Files.writeString(folder.resolve("good.json"), "{\"A\": \"\u00e4 \\\" inf\"}");
        Path torn = Files.writeString(folder.resolve("torn.json"), "{\"A\": ");

        // When
        SidecarJson json = SidecarJson.read(good);

        // Then
        assertThat(json.faults()).isEmpty();
        assertThatThrownBy(() -> SidecarJson.read(torn)).isInstanceOf(IOException.class);
    }
}
