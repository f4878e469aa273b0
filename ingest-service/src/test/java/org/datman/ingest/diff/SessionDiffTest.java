package org.datman.ingest.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.SeriesAssigned;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.ingest.published.PublishedSession;
import org.datman.ingest.read.HeaderFacts;
import org.datman.ingest.read.SessionSnapshot;
import org.datman.xnat.XnatScan;
import org.datman.xnat.XnatSession;
import org.junit.jupiter.api.Test;

class SessionDiffTest {

    private static final SessionRef REF = new SessionRef("xnat", "X_E1");
    private final SessionDiff comparison = new SessionDiff(REF, new StudyConfigurations(Map.of(), List.of(), "rev"));

    private static XnatScan scan(String id, String type) {
        return new XnatScan(id, "1.2." + id, type, "desc", "usable", "xnat:mrScanData", List.of(), new TreeSet<>());
    }

    private static SessionSnapshot.Series series(String id, String type, String fingerprint) {
        return new SessionSnapshot.Series(
                scan(id, type),
                SeriesDiscovered.Status.PRESENT,
                null,
                "9",
                3,
                30,
                fingerprint,
                new HeaderFacts(Map.of("SeriesNumber", "3", "EchoNumbers", "1\\2"), null, null, null));
    }

    private static SessionSnapshot observed(
            String project, String label, List<SessionSnapshot.Series> series, String... files) {
        XnatSession session = new XnatSession(
                REF.accession(),
                project,
                "X_S1",
                "subject",
                label,
                "xnat:mrSessionData",
                null,
                LocalDate.of(2024, 3, 5),
                null,
                List.of(),
                List.of());
        List<SessionSnapshot.ResourceFile> resources = new ArrayList<>();
        for (String file : files) {
            resources.add(new SessionSnapshot.ResourceFile(
                    ResourceDiscovered.Level.SESSION, null, "77", "behav", file, 10, null));
        }
        return new SessionSnapshot(session, series, resources, "outline", List.of());
    }

    private static PublishedSession after(PublishedSession before, SessionChanges changes) {
        return before.with(changes.changed(), changes.series(), changes.resources());
    }

    private PublishedSession seen(SessionSnapshot now) {
        return after(PublishedSession.NOTHING, comparison.present(PublishedSession.NOTHING, now));
    }

    @Test
    void theFirstLookReportsEverythingOnce() {
        // Given
        SessionSnapshot now = observed("P", "L", List.of(series("3", "T1", "f")), "log.txt");

        // When
        SessionChanges changes = comparison.present(PublishedSession.NOTHING, now);

        // Then
        assertThat(changes.session()).hasValueSatisfying(s -> {
            assertThat(s.revision()).isEqualTo("1@rev");
            assertThat(s.status()).isEqualTo(SessionDiscovered.Status.PRESENT);
            assertThat(s.nameProblem()).map(Reason::code).contains("unknown-project");
        });
        assertThat(changes.series()).singleElement().satisfies(s -> {
            assertThat(s.seriesRevision()).isEqualTo(1);
            assertThat(s.seriesNumber()).contains(3L);
            assertThat(s.echoNumbers()).containsExactly(1, 2);
        });
        assertThat(changes.resources()).hasSize(1);
    }

    @Test
    void aSeriesThatIsReadAgainKeepsWhatAPersonAssigned() {
        // Given
        SessionSnapshot now = observed("P", "L", List.of(series("3", "T1", "f")));
        PublishedSession assigned = seen(now)
                .withAssignments(List.of(AssignmentsTest.assigned(
                        "3", "1.2.3", SeriesAssigned.Decision.TAG, "T1", Instant.parse("2026-11-02T09:00:00Z"))));

        // When
        PublishedSession applied = after(assigned, comparison.present(assigned, now));
        SessionChanges unchanged = comparison.present(applied, now);
        SessionChanges sentAgain =
                comparison.present(applied, observed("P", "L", List.of(series("3", "T1", "other files"))));

        // Then
        assertThat(applied.series().get("3").seriesRevision()).isEqualTo(2);
        assertThat(unchanged.series()).isEmpty();
        assertThat(sentAgain.series()).singleElement().satisfies(s -> {
            assertThat(s.seriesRevision()).isEqualTo(3);
            assertThat(s.assigned().flatMap(SeriesAssigned.Assigned::tag)).contains("T1");
        });
    }

    private static SessionSnapshot.Series withHeader(Map<String, String> header) {
        SessionSnapshot.Series whole = series("3", "T1", "f");
        return new SessionSnapshot.Series(
                whole.scan(),
                whole.status(),
                whole.problem(),
                whole.resource(),
                whole.fileCount(),
                whole.byteCount(),
                whole.fingerprint(),
                new HeaderFacts(header, null, null, null));
    }

    @Test
    void whereTheHeaderHasNoDescriptionTheNameThatXnatShowsInsteadIsNoFact() {
        // Given: XNAT shows "desc", which is the protocol's name
        SessionSnapshot now = observed("P", "L", List.of(withHeader(Map.of("ProtocolName", "desc", "Rows", "64"))));

        // When
        SessionChanges changes = comparison.present(PublishedSession.NOTHING, now);

        // Then
        assertThat(changes.series()).singleElement().satisfies(s -> assertThat(s.description())
                .isEmpty());
    }

    @Test
    void whereHeaderAndXnatDifferTheHeadersDescriptionIsTheFact() {
        // Given
        SessionSnapshot now =
                observed("P", "L", List.of(withHeader(Map.of("SeriesDescription", "T1 sag", "Rows", "64"))));

        // When
        SessionChanges changes = comparison.present(PublishedSession.NOTHING, now);

        // Then
        assertThat(changes.series()).singleElement().satisfies(s -> assertThat(s.description())
                .isEqualTo("T1 sag"));
    }

    @Test
    void withoutAHeaderXnatsDescriptionIsAllThereIs() {
        // Given
        SessionSnapshot now = observed("P", "L", List.of(withHeader(Map.of())));

        // When
        SessionChanges changes = comparison.present(PublishedSession.NOTHING, now);

        // Then
        assertThat(changes.series()).singleElement().satisfies(s -> assertThat(s.description())
                .isEqualTo("desc"));
    }

    @Test
    void aFileOfAScanStatesWhoseItIs() {
        // Given
        SessionSnapshot.ResourceFile physio = new SessionSnapshot.ResourceFile(
                ResourceDiscovered.Level.SCAN, "3", "88", "PHYSIO", "resp.log", 10, null);
        SessionSnapshot plain = observed("P", "L", List.of(series("3", "T1", "f")));

        // When
        SessionChanges changes = comparison.present(
                PublishedSession.NOTHING,
                new SessionSnapshot(plain.session(), plain.series(), List.of(physio), plain.outline(), List.of()));

        // Then
        assertThat(changes.resources()).singleElement().satisfies(r -> {
            assertThat(r.level()).contains(ResourceDiscovered.Level.SCAN);
            assertThat(r.owner()).contains("3");
        });
    }

    @Test
    void anEqualLookReportsNothing() {
        // Given
        SessionSnapshot now = observed("P", "L", List.of(series("3", "T1", "f")), "log.txt");
        PublishedSession published = seen(now);

        // When
        SessionChanges changes = comparison.present(published, now);

        // Then
        assertThat(changes.isEmpty()).isTrue();
    }

    @Test
    void aFileThatChangedIsReportedAgainAndNoOther() {
        // Given two files of a session
        SessionSnapshot before = observed("P", "L", List.of(series("3", "T1", "f")), "log.txt", "other.txt");
        PublishedSession published = seen(before);
        SessionSnapshot.ResourceFile changed = new SessionSnapshot.ResourceFile(
                ResourceDiscovered.Level.SESSION, null, "77", "behav", "log.txt", 11, null);

        // When
        SessionChanges changes = comparison.present(
                published,
                new SessionSnapshot(
                        before.session(),
                        before.series(),
                        List.of(changed, before.resources().get(1)),
                        before.outline(),
                        List.of()));

        // Then
        assertThat(changes.resources()).singleElement().satisfies(r -> {
            assertThat(r.path()).isEqualTo("log.txt");
            assertThat(r.size()).isEqualTo(11);
            assertThat(r.resourceRevision()).isEqualTo(2);
        });
    }

    @Test
    void onlyTheSeriesThatChangedIsReportedAgain() {
        // Given
        PublishedSession published = seen(observed("P", "L", List.of(series("3", "T1", "f"), series("4", "T2", "g"))));

        // When
        SessionChanges changes = comparison.present(
                published, observed("P", "L", List.of(series("3", "T1", "f"), series("4", "T2", "h"))));

        // Then
        assertThat(changes.session()).isEmpty();
        assertThat(changes.series()).singleElement().satisfies(s -> {
            assertThat(s.scan()).isEqualTo("4");
            assertThat(s.seriesRevision()).isEqualTo(2);
        });
    }

    @Test
    void aRenameIsReportedOfTheSessionAndAllThatBearsItsName() {
        // Given
        PublishedSession published = seen(observed("P", "old", List.of(series("3", "T1", "f")), "log.txt"));

        // When
        SessionChanges changes =
                comparison.present(published, observed("P", "new", List.of(series("3", "T1", "f")), "log.txt"));

        // Then
        assertThat(changes.session()).hasValueSatisfying(s -> {
            assertThat(s.status()).isEqualTo(SessionDiscovered.Status.RENAMED);
            assertThat(s.previousLabel()).contains("old");
            assertThat(s.sessionRevision()).isEqualTo(2);
        });
        assertThat(changes.series()).extracting(SeriesDiscovered::sessionLabel).containsExactly("new");
        assertThat(changes.resources())
                .extracting(ResourceDiscovered::sessionLabel)
                .containsExactly("new");
    }

    @Test
    void aMoveNamesTheProjectBefore() {
        // Given
        PublishedSession published = seen(observed("P", "L", List.of()));

        // When
        SessionChanges changes = comparison.present(published, observed("Q", "L", List.of()));

        // Then
        assertThat(changes.session()).hasValueSatisfying(s -> {
            assertThat(s.status()).isEqualTo(SessionDiscovered.Status.MOVED);
            assertThat(s.previousProject()).contains("P");
        });
    }

    @Test
    void whatIsNoLongerThereIsReportedAsRemovedAndOnlyOnce() {
        // Given
        SessionSnapshot before = observed("P", "L", List.of(series("3", "T1", "f")), "log.txt");
        PublishedSession published = seen(before);
        SessionChanges removal = comparison.present(published, observed("P", "L", List.of()));

        // When
        SessionChanges again = comparison.present(after(published, removal), observed("P", "L", List.of()));

        // Then
        assertThat(removal.series())
                .extracting(SeriesDiscovered::status)
                .containsExactly(SeriesDiscovered.Status.REMOVED);
        assertThat(removal.resources()).extracting(ResourceDiscovered::removed).containsExactly(true);
        assertThat(again.isEmpty()).isTrue();
    }

    @Test
    void aDeletedSessionTakesItsSeriesAndDataAlongAndMayComeBack() {
        // Given
        SessionSnapshot before = observed("P", "L", List.of(series("3", "T1", "f")), "log.txt");
        PublishedSession published = seen(before);
        SessionChanges gone = comparison.gone(published);

        // When
        SessionChanges back = comparison.present(after(published, gone), before);

        // Then
        assertThat(gone.session()).map(SessionDiscovered::status).contains(SessionDiscovered.Status.DELETED);
        assertThat(gone.series()).hasSize(1);
        assertThat(gone.resources()).hasSize(1);
        assertThat(back.session()).hasValueSatisfying(s -> {
            assertThat(s.status()).isEqualTo(SessionDiscovered.Status.PRESENT);
            assertThat(s.sessionRevision()).isEqualTo(3);
        });
        assertThat(back.series()).extracting(SeriesDiscovered::seriesRevision).containsExactly(3L);
    }

    @Test
    void newRulesGiveANewEventIdButNoNewRevisionOfTheSession() {
        // Given
        SessionDiscovered last = seen(observed("P", "L", List.of())).session().orElseThrow();
        SessionDiff later = new SessionDiff(REF, new StudyConfigurations(Map.of(), List.of(), "other"));

        // When
        SessionDiscovered now = later.reconsidered(last);

        // Then
        assertThat(now.revision()).isEqualTo("1@other");
    }
}
