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
import org.datman.contracts.naming.DatmanId;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.naming.IdMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        assertThat(outcome.study()).isNotNull();
    }

    @Test
    void everyHeaderKeywordIsNamed() throws IOException {
        // Given
        String page = Files.readString(page());

        // When
        List<String> missing = HeaderKeywords.CARRIED.stream()
                .filter(keyword -> !page.contains("`" + keyword + "`"))
                .toList();

        // Then
        assertThat(missing).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"SPN01_CMH_0001_01_01, false", "SPN01_CMH_PHA_FBN260131, true"})
    void anExampleOfALabelIsWhatThePageStates(String label, boolean phantom) throws IOException {
        // Given
        assertThat(Files.readString(page())).contains("`" + label + "`");

        // When
        DatmanId id = DatmanIds.parse(label, IdMap.NONE);

        // Then
        assertThat(id.isPhantom()).isEqualTo(phantom);
    }

    private static Path page() {
        return Path.of(System.getProperty("datman.root"), "docs/study-configuration.md");
    }

    static List<String> anExampleIsAFaultlessStudy() {
        Path page = page();
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
