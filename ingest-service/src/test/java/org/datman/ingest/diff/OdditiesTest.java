package org.datman.ingest.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesDiscovered.Status;
import org.datman.contracts.event.SeriesDiscoveredBuilder;
import org.datman.contracts.event.SessionRef;
import org.junit.jupiter.api.Test;

class OdditiesTest {

    private static SeriesDiscovered series(String scan, String study, String uid, Status status) {
        return SeriesDiscoveredBuilder.builder()
                .session(new SessionRef("xnat", "X_E1"))
                .seriesRevision(1)
                .status(status)
                .project("P")
                .subjectLabel("S")
                .sessionLabel("L")
                .scan(scan)
                .description("")
                .xnatType("")
                .xsiType("xnat:mrScanData")
                .quality("")
                .imageType(List.of())
                .echoNumbers(new TreeSet<>())
                .header(study.isEmpty() ? Map.of() : Map.of("StudyInstanceUID", study))
                .fileCount(1)
                .byteCount(1)
                .fingerprint("f")
                .uid(Optional.of(uid))
                .resource(Optional.of("9"))
                .build();
    }

    @Test
    void twoStudyUidsInOneSessionAreReportedOnceWithTheScansOfEach() {
        // Given
        SeriesDiscovered first = series("1", "1.2.1", "1.1", Status.PRESENT);
        SeriesDiscovered restarted = series("2", "1.2.2", "1.3", Status.PRESENT);

        // When
        List<Reason> fresh = Oddities.fresh(Map.of("1", first), List.of(restarted));

        // Then
        assertThat(fresh).singleElement().satisfies(reason -> {
            assertThat(reason.code()).isEqualTo("two-studies-in-session");
            assertThat(reason.message()).contains("2 StudyInstanceUIDs: scans 1; scans 2");
        });
        assertThat(Oddities.fresh(Map.of("1", first, "2", restarted), List.of(restarted)))
                .isEmpty();
    }

    @Test
    void scansThatShareASeriesUidAreReported() {
        // Given
        List<SeriesDiscovered> same = List.of(
                series("3", "1.2.1", "1.1", Status.PRESENT),
                series("3-MR1", "1.2.1", "1.1", Status.PRESENT),
                series("4", "1.2.1", "1.4", Status.PRESENT));

        // When
        List<Reason> fresh = Oddities.fresh(Map.of(), same);

        // Then
        assertThat(fresh).singleElement().satisfies(reason -> {
            assertThat(reason.code()).isEqualTo("shared-series-uid");
            assertThat(reason.message()).contains("3, 3-MR1").doesNotContain("4");
        });
    }

    @Test
    void removedScansAndUnreadHeadersAreNotOdd() {
        // Given
        List<SeriesDiscovered> harmless = List.of(
                series("3", "1.2.1", "1.1", Status.PRESENT),
                series("4", "1.2.9", "1.1", Status.REMOVED),
                series("5", "", "1.5", Status.NO_DICOM));

        // When
        List<Reason> fresh = Oddities.fresh(Map.of(), harmless);

        // Then
        assertThat(fresh).isEmpty();
    }
}
