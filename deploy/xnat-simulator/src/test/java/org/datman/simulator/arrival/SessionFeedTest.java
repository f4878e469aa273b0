package org.datman.simulator.arrival;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.datman.simulator.Dicoms;
import org.datman.simulator.XnatSimulator;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.datman.simulator.importer.LoadOptions;
import org.datman.simulator.scanner.LaterEvent;
import org.datman.simulator.scanner.ScanPlan;
import org.datman.simulator.scanner.ScannedSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionFeedTest {
    @TempDir
    Path folder;

    private XnatSimulator start() throws Exception {
        return XnatSimulator.builder()
                .users(Map.of("svc", "secret"))
                .state(folder.resolve("state"))
                .start();
    }

    private static void awaitComplete(XnatSimulator sim) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> sim.arrivals().progress().isComplete());
    }

    private ScanPlan plan() throws Exception {
        Dicoms.series(folder.resolve("one/2-T1"), Dicoms.STUDY, "1.2.2", "2", "T1", 2);
        Dicoms.series(folder.resolve("late/3-T2"), Dicoms.STUDY, "1.2.3", "3", "T2", 1);
        Files.createDirectories(folder.resolve("paired/behav"));
        Files.writeString(folder.resolve("paired/behav/task.tsv"), "onset\n");
        return new ScanPlan(
                List.of(new ScannedSession(
                        "P",
                        "P_CMH_0001",
                        "P_CMH_0001_01",
                        Duration.ZERO,
                        folder.resolve("one"),
                        folder.resolve("paired"),
                        List.of(
                                new LaterEvent.LateSeries(Duration.ofMillis(50), folder.resolve("late/3-T2"), 3),
                                new LaterEvent.Renamed(Duration.ofMillis(100), "P_CMH_0001_02")),
                        List.of())),
                0,
                0);
    }

    @Test
    void aScenarioHappens() throws Exception {
        // Given a session with paired data, a late series and a new label
        try (XnatSimulator sim = start()) {
            // When
            sim.arrivals().play(plan());
            // Then
            awaitComplete(sim);
            assertThat(sim.arrivals().progress().failures()).isEmpty();
            Session session = sim.archive().find("P", "P_CMH_0001_02");
            assertThat(session.scans()).extracting(Scan::id).containsExactly("2", "3");
            assertThat(session.resources()).extracting(r -> r.label()).containsExactly("behav");
            assertThat(sim.webhooks().deliveries())
                    .extracting(d -> d.event())
                    .containsExactly("Transferred", "Merged", "Renamed");
        }
    }

    @Test
    void aRestartGoesOnWhereItStopped() throws Exception {
        // Given a scenario that has happened
        ScanPlan plan = plan();
        List<Session> before;
        try (XnatSimulator sim = start()) {
            sim.arrivals().play(plan);
            awaitComplete(sim);
            before = sim.archive().sessions();
        }
        // When
        try (XnatSimulator sim = start()) {
            sim.arrivals().play(plan);
            // Then
            awaitComplete(sim);
            assertThat(sim.archive().sessions()).isEqualTo(before);
            assertThat(sim.webhooks().deliveries()).isEmpty();
        }
    }

    @Test
    void aFailingStepIsReportedAndTheOthersGoOn() throws Exception {
        // Given a folder of a damaged archive and a good session
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/a.zip"), "PK but no zip");
        Dicoms.series(folder.resolve("data/b"), Dicoms.STUDY, "1.2.2", "2", "T1", 1);
        try (XnatSimulator sim = start()) {
            // When
            sim.arrivals().play(folder.resolve("data"), LoadOptions.project("P"), Duration.ofMillis(100));
            // Then
            awaitComplete(sim);
            assertThat(sim.archive().sessions()).extracting(Session::label).containsExactly("b");
            assertThat(sim.arrivals().progress().failures())
                    .singleElement()
                    .asString()
                    .contains("P/a arrives");
        }
    }

    @Test
    void realSessionsAsTarXz() throws Exception {
        // Given real sessions, each a folder of tar.xz sets
        Path data = Path.of(System.getProperty("datman.shared-data", "absent"));
        assumeTrue(Files.isDirectory(data), "no real scans beside the checkout: " + data);
        Files.createDirectories(folder.resolve("data"));
        for (String name : List.of("siemens-prisma-ve11-t1-dwi", "siemens-trio-vb17-transfer-syntaxes")) {
            Files.createSymbolicLink(
                    folder.resolve("data").resolve(name), data.resolve(name).toRealPath());
        }
        try (XnatSimulator sim = start()) {
            // When
            List<Session> sessions = sim.loadFolder(folder.resolve("data"), LoadOptions.project("REAL"));
            // Then
            assertThat(sessions).hasSize(2);
            assertThat(sessions.get(0).scans()).extracting(Scan::id).containsExactly("3", "4");
            assertThat(sessions.get(0).scans().stream()
                            .mapToInt(s -> s.resources().get(0).files().size())
                            .sum())
                    .isEqualTo(48);
            assertThat(sessions.get(0).fields()).containsEntry("scanner/model", "Prisma_fit");
        }
    }
}
