package org.datman.contracts.study;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of the documentation are faultless studies. */
class DocumentationTest {

    @ParameterizedTest
    @MethodSource
    void anExampleIsAFaultlessStudy(String yaml) {
        // Given
        byte[] bytes = yaml.getBytes(StandardCharsets.UTF_8);

        // When
        StudyReader.Outcome outcome = StudyReader.read("example.yml", bytes);

        // Then
        assertThat(outcome.errors()).isEmpty();
        assertThat(outcome.study()).isPresent();
    }

    static List<String> anExampleIsAFaultlessStudy() {
        Path page = Path.of(System.getProperty("datman.root"), "docs/study-configuration.md");
        try {
            Matcher matcher = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(Files.readString(page));
            List<String> examples = new ArrayList<>();
            while (matcher.find()) {
                examples.add(matcher.group(1));
            }
            return examples;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
