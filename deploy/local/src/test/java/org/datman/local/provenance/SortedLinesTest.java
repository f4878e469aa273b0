package org.datman.local.provenance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SortedLinesTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "9, 0", "10, 1", "25, 2", "1000, 100"})
    void theOrderIsThatOfAllLinesAndTheyAreInFilesAsSoonAsTheyAreTooMany(int number, int files) throws IOException {
        // Given: lines of which some are the same
        Random random = new Random(3);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            lines.add("ä" + random.nextInt(number) + "\tx");
        }
        List<String> sorted = new ArrayList<>();
        List<Path> runs;

        // When
        try (SortedLines all = new SortedLines(10)) {
            for (String line : lines) {
                all.add(line);
            }
            runs = all.runs();
            all.sorted().forEachRemaining(sorted::add);
        }

        // Then
        Collections.sort(lines);
        assertThat(sorted).isEqualTo(lines);
        assertThat(runs).hasSize(files).allSatisfy(run -> assertThat(run).doesNotExist());
    }
}
