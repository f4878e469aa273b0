package org.datman.bids.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.datman.bids.dataset.Content.FaultCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentsTest {

    private static final String TABLE = "a\tb\n1\t2\n3\t4\n";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"12, 0, 2", "13, 0, 2", "11, 11, 1", "8, 8, 1", "7, 7, 0"})
    void aTableIsReadUpToTheLimitInWholeRows(int limit, int stated, int rows) throws IOException {
        // Given
        Files.writeString(folder.resolve("x.tsv"), TABLE);

        // When
        Content<Map<String, List<Object>>> content = new Contents(limit).table(file("x.tsv"));

        // Then
        assertThat(content.fault()).isNull();
        assertThat(content.limit()).isEqualTo(stated);
        assertThat(content.value().get("b")).hasSize(rows);
    }

    @Test
    void theLimitCountsUnpackedText() throws IOException {
        // Given
        try (OutputStream stream = new GZIPOutputStream(Files.newOutputStream(folder.resolve("x.tsv.gz")))) {
            stream.write("1\t2\n".repeat(100_000).getBytes(StandardCharsets.UTF_8));
        }

        // When
        Content<Map<String, List<Object>>> content =
                new Contents(1_002).table(file("x.tsv.gz"), List.of("a", "b"), true);

        // Then
        assertThat(content.limit()).isEqualTo(1_002);
        assertThat(content.value().get("a")).hasSize(250);
    }

    @Test
    void aTableWhoseFirstLineIsTooLongIsNotRead() throws IOException {
        // Given
        Files.writeString(folder.resolve("x.tsv"), TABLE);

        // When
        Content<Map<String, List<Object>>> content = new Contents(3).table(file("x.tsv"));

        // Then
        assertThat(content.findFault()).get().extracting(Content.Fault::code).isEqualTo(FaultCode.FILE_READ);
    }

    private DatasetFile file(String name) throws IOException {
        return FolderReader.read(folder).file(name).orElseThrow();
    }
}
