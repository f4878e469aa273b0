package org.datman.contracts.testkit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesDiscovered.Status;
import org.datman.contracts.event.SessionRef;

/** A series as ingest publishes it, revision 4 of accession T_E00001, for tests of its processing. */
public final class ASeries {

    private ASeries() {}

    public static SeriesDiscovered of(String project, String label, String scan, Status status, String description) {
        return new SeriesDiscovered(
                new SessionRef("test", "T_E00001"),
                4,
                status,
                Optional.empty(),
                project,
                "subject",
                label,
                scan,
                Optional.empty(),
                Optional.empty(),
                description,
                "",
                "xnat:mrScanData",
                "usable",
                List.of("ORIGINAL", "PRIMARY", "M", "ND"),
                new TreeSet<>(),
                Map.of(),
                Optional.of("17"),
                10,
                1000,
                "fingerprint",
                Optional.of("2026-01-02"));
    }
}
