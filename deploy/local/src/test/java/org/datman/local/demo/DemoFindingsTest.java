package org.datman.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcComplete.Level;
import org.datman.contracts.event.QcComplete.Verdict;
import org.datman.contracts.event.QcCompleteBuilder;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExportedBuilder;
import org.datman.contracts.event.SessionRef;
import org.junit.jupiter.api.Test;

/** What did not pass, with its reasons, is read from the images that are published now. */
class DemoFindingsTest {

    private static final SessionRef SESSION = new SessionRef("xnat", "E1");
    private static final Instant DAY = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void flagsAndContradictionsAreCountedAndWithdrawnImagesAreNot() {
        // Given one image that passed, one whose header contradicts itself, and the result on one that is published no
        // more
        SessionHistory history = new SessionHistory(new SessionRef("xnat", "E1"));
        history.series("1").exported = Optional.of(export("good", "odd"));
        history.series("1").measured.put("good", qc("good", Level.PASS, List.of()));
        history.series("1")
                .measured
                .put(
                        "odd",
                        qc(
                                "odd",
                                Level.FLAG,
                                List.of("dropouts in 3 slices", Verdict.CONTRADICTION + "RepetitionTime: 2; 1.793")));
        history.series("1").measured.put("old", qc("old", Level.FLAG, List.of("motion")));

        // When
        DemoFindings findings = DemoFindings.of(List.of(history));

        // Then
        assertThat(findings.levels()).isEqualTo(Map.of(Level.PASS, 1, Level.FLAG, 1));
        assertThat(findings.flags()).isEqualTo(1);
        assertThat(findings.contradictions()).isEqualTo(1);
        assertThat(findings.notPassed()).singleElement().satisfies(one -> {
            assertThat(one.stem()).isEqualTo("odd");
            assertThat(one.reasons()).first().isEqualTo("dropouts in 3 slices");
        });
    }

    private static SeriesExported export(String... stems) {
        List<SeriesExported.Product> products = List.of(stems).stream()
                .map(stem -> new SeriesExported.Product(
                        stem, "T1", "anat", List.of(1, 1, 1, 1), List.of(new FileRef(FileRole.NIFTI, stem, 1, ""))))
                .toList();
        return SeriesExportedBuilder.builder()
                .session(SESSION)
                .seriesRevision(1)
                .exportRevision(1)
                .outcome(SeriesExported.Outcome.EXPORTED)
                .study("SPN")
                .site("CMH")
                .sessionName("SPN_CMH_0001_01")
                .phantom(false)
                .scan("1")
                .products(products)
                .runKey("run")
                .configRevision("config")
                .started(DAY)
                .finished(DAY)
                .seriesNumber(Optional.of(1L))
                .build();
    }

    private static QcComplete qc(String stem, Level level, List<String> reasons) {
        return QcCompleteBuilder.builder()
                .session(SESSION)
                .seriesRevision(1)
                .study("SPN")
                .site("CMH")
                .sessionName("SPN_CMH_0001_01")
                .scan("1")
                .stem(stem)
                .tag("T1")
                .kind("anat")
                .metrics(List.of())
                .flags(List.of())
                .headerDifferences(List.of())
                .pictures(List.of())
                .files(List.of())
                .verdict(new Verdict(level, reasons))
                .inputSha256("")
                .tool("qc")
                .runKey("run")
                .configRevision("config")
                .started(DAY)
                .finished(DAY)
                .phantom(Optional.of(false))
                .build();
    }
}
