package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.datman.contracts.event.ToolMeasure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasuresTableTest {

    private static final String HEADER = "measure\tregion\tunit\tvalue\n";

    @TempDir
    Path folder;

    @Test
    void numbersAreReadInTheirOrderAndWhatTheToolCouldNotComputeIsLeftOut() throws Exception {
        // Given
        Path table = write(
                HEADER
                        + "thickness\tlh.\"precuneus\"\tmm\t2.41\nvolume\tThird Ventricle\tmm3\t1.2e3\nvolume\tCSF\tmm3\tn/a\nfa\tmask\t1\t-0.5\n");

        // When
        List<ToolMeasure> measures = MeasuresTable.read(List.of(table));

        // Then
        assertThat(measures)
                .containsExactly(
                        new ToolMeasure("thickness", "lh.\"precuneus\"", "mm", 2.41),
                        new ToolMeasure("volume", "Third Ventricle", "mm3", 1200),
                        new ToolMeasure("fa", "mask", "1", -0.5));
    }

    @ParameterizedTest(name = "[{index}] {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "'measure,region,unit,value'   | has the columns [measure,region,unit,value] instead of",
                "fa;mask;1;none                | line 2 has 'none' instead of a number",
                "fa;mask;1;NaN                 | line 2 has 'NaN' instead of a number",
                "fa;mask;1;1e999               | line 2 has '1e999' instead of a number",
                "fa;mask;1                     | line 2 has 3 columns instead of 4",
                "fa;;1;0.5                     | line 2 has no region of 1 to 100 characters",
                "fa;mask;1;0.5/fa;mask;1;0.6   | line 3 has fa of mask once more"
            })
    void aTableOfAnotherFormIsRefusedWithItsLine(String rows, String fault) throws Exception {
        // Given
        String text = rows.replace(';', '\t').replace('/', '\n');
        Path table = write(rows.startsWith("measure") ? text : HEADER + text + "\n");

        // When / Then
        assertThatThrownBy(() -> MeasuresTable.read(List.of(table)))
                .isInstanceOf(MeasuresTable.TableException.class)
                .hasMessageContaining(fault);
    }

    @Test
    void ofSeveralTablesOneNumberCountsForAMeasureAndRegion() throws Exception {
        // Given
        Path first = write(HEADER + "fa\tmask\t1\t0.5\n");
        Path second = Files.writeString(folder.resolve("more.tsv"), HEADER + "fa\tmask\t1\t0.6\n");

        // When / Then
        assertThatThrownBy(() -> MeasuresTable.read(List.of(first, second)))
                .isInstanceOf(MeasuresTable.TableException.class)
                .hasMessage("more.tsv line 2 has fa of mask once more");
    }

    @Test
    void allTablesOfARunTogetherHaveAtMostAsManyNumbersAsAnEventHolds() throws Exception {
        // Given
        StringBuilder rows = new StringBuilder(HEADER);
        for (int i = 0; i < 5000; i++) {
            rows.append("volume\tregion ").append(i).append("\tml\t1\n");
        }
        Path full = write(rows.toString());
        Path more = Files.writeString(folder.resolve("more.tsv"), HEADER + "fa\tmask\t1\t0.6\n");

        // When
        List<ToolMeasure> measures = MeasuresTable.read(List.of(full));

        // Then
        assertThat(measures).hasSize(5000);
        assertThatThrownBy(() -> MeasuresTable.read(List.of(full, more)))
                .hasMessage("more.tsv line 2 is number 5001 of the run; at most 5000 are accepted");
    }

    @Test
    void aTableInAnotherCharacterSetIsSaidAtOnce() throws Exception {
        // Given
        Path table = folder.resolve("measures.tsv");
        Files.write(table, (HEADER + "fa\tr\u00e9gion\t1\t0.5\n").getBytes(StandardCharsets.ISO_8859_1));

        // When / Then
        assertThatThrownBy(() -> MeasuresTable.read(List.of(table)))
                .isInstanceOf(MeasuresTable.TableException.class)
                .hasMessage("measures.tsv is not UTF-8");
    }

    private Path write(String text) throws java.io.IOException {
        return Files.writeString(folder.resolve("measures.tsv"), text);
    }
}
