package org.datman.dashboard.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ToolMeasure;
import org.datman.contracts.testkit.EventFixtures;
import org.junit.jupiter.api.Test;

class PhenotypeTableTest {

    private static final ToolMeasure FA = new ToolMeasure("fa", "brain", "1", 0.4);
    private static final ToolMeasure MD = new ToolMeasure("md", "brain", "mm2/s", 0.0008);

    @Test
    void aSessionIsARowAndANumberAColumnThatNamesItsPipeline() {
        // Given
        PipelineUpdated first = run("SPN01_CMH_0001_01_01", FA, MD);
        PipelineUpdated second = run("SPN01_CMH_0002_02_03", MD);
        PhenotypeTable table = table(first, second);

        // When
        List<?> row = table.row(second);

        // Then
        assertThat(table.header())
                .containsExactly(
                        "participant_id",
                        "session_id",
                        "brain-volume.session",
                        "brain-volume.tool_version",
                        "brain-volume.run_key",
                        "brain-volume.fa.brain",
                        "brain-volume.md.brain");
        assertThat(row)
                .isEqualTo(Arrays.asList(
                        "CMH0002", "02r03", "SPN01_CMH_0002_02_03", "1.0", second.runKey(), null, 0.0008));
        assertThat(table.dictionary().keySet()).containsExactlyElementsOf(table.header());
        assertThat(table.dictionary())
                .containsEntry(
                        "brain-volume.md.brain",
                        Map.of("Description", "md of brain, computed by pipeline brain-volume", "Units", "mm2/s"));
    }

    @Test
    void noTwoColumnsHaveOneName() {
        // Given dots in names, and another unit
        PipelineUpdated run = run(
                "SPN01_CMH_0001_01_01",
                new ToolMeasure("a.b", "c", "1", 1),
                new ToolMeasure("a", "b.c", "1", 2),
                new ToolMeasure("a", "b.c", "ml", 3));

        // When
        PhenotypeTable table = table(run);

        // Then
        assertThat(table.header())
                .doesNotHaveDuplicates()
                .endsWith("brain-volume.a.b.c.1.2", "brain-volume.a.b.c.1", "brain-volume.a.b.c.ml");
        assertThat(table.row(run).subList(5, 8)).isEqualTo(List.of(1.0, 2.0, 3.0));
        assertThat(table.dictionary().keySet()).containsExactlyElementsOf(table.header());
    }

    @Test
    void aNumberHasTheSameNameWhicheverSessionComesFirst() {
        // Given one measure of one region in two units, as of two versions of a tool
        PipelineUpdated cubic = run("SPN01_CMH_0001_01_01", new ToolMeasure("volume", "brain", "mm3", 1_200_000), FA);
        PipelineUpdated litres = run("SPN01_CMH_0002_01_01", new ToolMeasure("volume", "brain", "l", 1.2), FA);

        // When
        List<List<String>> headers =
                List.of(table(cubic, litres).header(), table(litres, cubic).header());

        // Then
        assertThat(headers).allSatisfy(header -> assertThat(header.subList(5, 8))
                .containsExactlyInAnyOrder(
                        "brain-volume.volume.brain.mm3", "brain-volume.volume.brain.l", "brain-volume.fa.brain"));
        assertThat(table(litres, cubic).row(litres).get(5)).isEqualTo(1.2);
        assertThat(table(litres, cubic).header().get(5)).isEqualTo("brain-volume.volume.brain.l");
    }

    @Test
    void numbersOfARunThatCameMeanwhileAreNotLeftOutSilently() {
        // Given
        PhenotypeTable table = table(run("SPN01_CMH_0001_01_01", FA));
        PipelineUpdated newer = run("SPN01_CMH_0001_01_01", FA, MD);

        // When, then
        assertThatThrownBy(() -> table.row(newer)).hasMessageContaining("run again meanwhile");
    }

    private static PhenotypeTable table(PipelineUpdated... runs) {
        PhenotypeTable table = new PhenotypeTable("brain-volume");
        List.of(runs).forEach(table::learn);
        return table;
    }

    private static PipelineUpdated run(String name, ToolMeasure... measures) {
        return EventFixtures.of("PHE_E1", name)
                .run(PipelineUpdated.State.SUCCEEDED)
                .withMeasures(Optional.of(List.of(measures)));
    }
}
