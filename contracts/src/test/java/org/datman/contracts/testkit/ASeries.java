package org.datman.contracts.testkit;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesDiscovered.Status;
import org.datman.contracts.event.SeriesDiscoveredBuilder;
import org.datman.contracts.event.SessionRef;

/** A series as ingest publishes it, revision 4 of accession T_E00001, for tests of its processing. */
public final class ASeries {

    private ASeries() {}

    public static SeriesDiscovered of(String project, String label, String scan, Status status, String description) {
        return SeriesDiscoveredBuilder.builder()
                .session(new SessionRef("test", "T_E00001"))
                .seriesRevision(4)
                .status(status)
                .project(project)
                .subjectLabel("subject")
                .sessionLabel(label)
                .scan(scan)
                .description(description)
                .xnatType("")
                .xsiType("xnat:mrScanData")
                .quality("usable")
                .imageType(List.of("ORIGINAL", "PRIMARY", "M", "ND"))
                .echoNumbers(new TreeSet<>())
                .header(Map.of())
                .fileCount(10)
                .byteCount(1000)
                .fingerprint("fingerprint")
                .resource(Optional.of("17"))
                .date(Optional.of(LocalDate.parse("2026-01-02")))
                .build();
    }
}
