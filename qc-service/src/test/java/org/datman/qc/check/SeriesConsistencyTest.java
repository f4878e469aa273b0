package org.datman.qc.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.datman.contracts.event.ScanId;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.header.Origin;
import org.datman.header.Parameter;
import org.datman.header.ParameterRecord;
import org.datman.header.Value;
import org.datman.qc.trend.History.Tagged;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** <a href="{@docRoot}/../docs/qc-specification.md#F95">F95</a>: series that belong together by the study's BIDS rules and do not fit each other. */
class SeriesConsistencyTest {

    private static final String STUDY = """
            StudyTag: SPN
            XnatProjects: [SPN01]
            Tags:
              RST: { Pattern: { SeriesDescription: 'Rest' }, QcType: bold, Count: 1, Bids: { Datatype: func, Suffix: bold, Task: rest } }
              AP: { Pattern: { SeriesDescription: 'AP' }, QcType: fmap, Count: 1, Bids: { Datatype: fmap, Suffix: epi, Dir: AP, IntendedFor: [RST] } }
              PA: { Pattern: { SeriesDescription: 'PA' }, QcType: fmap, Count: 1, Bids: { Datatype: fmap, Suffix: epi, Dir: PA, IntendedFor: [RST] } }
            Sites: {CMH: {}}
            """;

    @TempDir
    private Path folder;

    private StudyConfiguration study;

    @BeforeEach
    void configure() throws Exception {
        Files.writeString(folder.resolve("SPN.yml"), STUDY);
        StudyConfigurations configurations = StudyConfigurations.load(folder);
        assertThat(configurations.errors()).isEmpty();
        study = configurations.byProject("SPN01").orElseThrow();
    }

    @Test
    void seriesThatFitReportNothing() {
        // Given
        List<Tagged> images =
                List.of(image("AP", "3", "j-", 100), image("PA", "4", "j", 100), image("RST", "5", "j-", 100));

        // When
        List<String> reasons = SeriesConsistency.reasons(study, "CMH", images);

        // Then
        assertThat(reasons).isEmpty();
    }

    @Test
    void aFieldMapWithAnotherShimIsNoFieldMapOfTheRun() {
        // Given
        List<Tagged> images = List.of(image("PA", "4", "j", 100), image("RST", "5", "j-", 117));

        // When
        List<String> reasons = SeriesConsistency.reasons(study, "CMH", images);

        // Then
        assertThat(reasons)
                .containsExactly(
                        "PA (scan 4) does not fit RST (scan 5): ShimSetting must be the same: [100, 2, 3] and [117, 2, 3]");
    }

    @Test
    void theFieldMapBeforeTheRunIsTheOneThatCounts() {
        // Given
        List<Tagged> images = List.of(
                image("PA", "4", "j", 100),
                image("RST", "5", "j-", 100),
                image("PA", "8", "j", 117),
                image("RST", "9", "j-", 117));

        // When
        List<String> reasons = SeriesConsistency.reasons(study, "CMH", images);

        // Then
        assertThat(reasons).isEmpty();
    }

    @Test
    void halvesOfOneFieldMapMustBeOpposite() {
        // Given
        List<Tagged> images = List.of(image("AP", "3", "j", 100), image("PA", "4", "j", 100));

        // When
        List<String> reasons = SeriesConsistency.reasons(study, "CMH", images);

        // Then
        assertThat(reasons)
                .singleElement()
                .asString()
                .contains("AP (scan 3) does not fit PA (scan 4)", "must be opposite");
    }

    private static Tagged image(String tag, String scan, String direction, double shim) {
        Map<String, Parameter> fields = new HashMap<>();
        fields.put("PhaseEncodingDirection", new Parameter(Value.of(direction), List.of("JSON")));
        fields.put("ShimSetting", new Parameter(Value.of(shim, 2, 3), List.of("JSON")));
        return new Tagged(tag, new ScanId(scan), tag + scan, ParameterRecord.of(Set.of(Origin.SIDECAR), fields));
    }
}
