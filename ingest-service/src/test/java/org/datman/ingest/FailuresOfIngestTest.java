package org.datman.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.datman.contracts.event.ConfigurationRead;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.ingest.Lab.Planned;
import org.datman.ingest.listing.DeletionConfirmation;
import org.datman.ingest.listing.ListedSessions;
import org.datman.ingest.outgoing.EventChain;
import org.datman.ingest.published.SessionState;
import org.datman.ingest.published.SessionStore;
import org.datman.ingest.queue.QueueTable;
import org.datman.ingest.queue.SessionQueue;
import org.datman.ingest.reconcile.Reconciler;
import org.datman.ingest.setting.Settings;
import org.datman.ingest.sync.SessionUpdate;
import org.datman.platform.study.Studies;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.simulator.archive.Session;
import org.datman.simulator.fault.FaultRule;
import org.datman.xnat.XnatListed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What fails within ingest itself is published, loses nothing, and does not stop the rest. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(Lab.class)
class FailuresOfIngestTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TestHTTPResource("/")
    URI address;

    @Inject
    EntityManager database;

    @Inject
    Reconciler reconciler;

    @Inject
    SessionUpdate update;

    @Inject
    SessionStore store;

    @Inject
    ListedSessions listings;

    @Inject
    DeletionConfirmation deletions;

    @Inject
    SessionQueue queue;

    @Inject
    QueueTable rows;

    @Inject
    Settings settings;

    @Inject
    Studies studies;

    EventsOnKafka events;

    @BeforeEach
    void begin() {
        Lab.sendWebhooksTo(address.getPort());
        events = EventsOnKafka.ofTests();
    }

    @AfterEach
    void end() {
        sql("alter table ingest.session_hint drop constraint if exists refused");
        sql("alter table ingest.listed_session drop constraint if exists refused");
        sql("update ingest.session_state set deleted = true where accession like 'FAIL_%'");
        Lab.sendNoWebhooks();
        rows.deleteAll();
        events.close();
    }

    private void sql(String statement) {
        QuarkusTransaction.requiringNew()
                .run(() -> database.createNativeQuery(statement).executeUpdate());
    }

    private void seen(SessionRef ref) {
        QuarkusTransaction.requiringNew().run(() -> store.store(SessionState.first(ref, Instant.now())));
    }

    private ProcessingFailed awaitFailure(String code, String about) {
        return events.await(
                        ProcessingFailed.class,
                        e -> e.reason().code().equals(code)
                                && (e.reason().message().contains(about)
                                        || e.session()
                                                .filter(ref -> ref.accession().equals(about))
                                                .isPresent()))
                .event();
    }

    @Test
    void aSessionThatAStudyNewlyClaimsIsEnqueuedTogetherWithItsPublicationOrNotPublished() throws IOException {
        // Given
        Lab.xnat().archive().createProject("FAI01");
        Session session = Lab.scanOf("FAI01", "FAI01_CMH_0001_01_01", new Planned(3, "T1", 1));
        SessionRef ref = new SessionRef("xnat", session.id());
        events.await(SessionDiscovered.class, e -> e.key().equals(session.id()));
        await().atMost(PATIENCE).until(() -> queue.backlog() == 0);
        sql("alter table ingest.session_hint add constraint refused check (accession <> '" + session.id()
                + "') not valid");
        Files.writeString(Lab.studies().resolve("FAI01.yml"), """
                StudyTag: FAI01
                XnatProjects: [FAI01]
                Tags:
                  T1: { Pattern: { SeriesDescription: 'T1' }, QcType: anat }
                Sites:
                  CMH: {}
                """);
        events.await(ConfigurationRead.class, e -> e.studies().contains("FAI01"));

        // When
        assertThatThrownBy(() -> update.reconsider(ref, EventChain.first("test")))
                .hasStackTraceContaining("refused");

        // Then
        assertThat(QuarkusTransaction.requiringNew()
                        .call(() -> store.session(ref))
                        .orElseThrow()
                        .study())
                .isEmpty();
        sql("alter table ingest.session_hint drop constraint refused");
        events.await(SeriesDiscovered.class, e -> e.key().equals(session.id()));
    }

    @Test
    void aSessionThatCannotFollowTheConfigurationIsReportedOnceAndTheRevisionIsDone() throws IOException {
        // Given
        SessionRef broken = new SessionRef("xnat", "FAIL_" + UUID.randomUUID());
        seen(broken); // Nothing was ever published about it.
        Path file = Lab.studies().resolve("SPN01.yml");

        // When
        Files.writeString(file, Files.readString(file) + "# revised " + UUID.randomUUID() + "\n");

        // Then
        ProcessingFailed failed = awaitFailure("configuration-not-applied", broken.accession());
        assertThat(failed.reason().message()).contains("IllegalStateException");
        await().atMost(PATIENCE).until(() -> QuarkusTransaction.requiringNew()
                .call(() -> settings.value("published-configuration"))
                .equals(studies.current().revision()));
        assertThat(events.all(ProcessingFailed.class))
                .filteredOn(e -> e.event().reason().code().equals("configuration-not-applied"))
                .filteredOn(e -> e.event().session().filter(broken::equals).isPresent())
                .hasSize(1);
    }

    @Test
    void aFullSweepReportsSessionsThatAreKnownUnderAnotherServerName() {
        // Given
        String server = "earlier-" + UUID.randomUUID();
        seen(new SessionRef(server, "FAIL_E1"));
        seen(new SessionRef(server, "FAIL_E2"));

        // When
        QuarkusTransaction.requiringNew().run(() -> settings.store("last-full-sweep", ""));

        // Then
        ProcessingFailed failed = awaitFailure("other-xnat-server", server);
        assertThat(failed.reason().message()).startsWith("2 session(s)");
        assertThat(failed.reason().action()).contains("DATMAN_XNAT_SERVER");
    }

    @Test
    void aListingThatCannotBeComparedIsNotBlamedOnXnat() throws IOException {
        // Given
        Lab.sendNoWebhooks();
        sql("alter table ingest.listed_session add constraint refused check (project <> 'SPN01') not valid");
        Session session = Lab.scan("SPN01_CMH_0301_01_01", new Planned(3, "T1", 1));

        // When
        reconciler.listAllNow();

        // Then
        ProcessingFailed failed = awaitFailure("listing-not-compared", "SPN01");
        assertThat(failed.reason().action()).contains("log of ingest").doesNotContain("XnatProjects");
        sql("alter table ingest.listed_session drop constraint refused");
        reconciler.listAllNow();
        events.await(SeriesDiscovered.class, e -> e.key().equals(session.id()));
    }

    @Test
    void aProjectThatAloneIsNotListedIsReportedOnceUntilItIs() {
        // Given
        String listing = "/data/projects/SPN01_MOVED/experiments";
        Lab.xnat().faults().add(FaultRule.status(503).on(listing));
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> {
                    reconciler.listAllNow();
                    return events.all(ProcessingFailed.class).stream()
                            .anyMatch(e -> e.event().reason().code().equals("project-not-answered"));
                });
        reconciler.listAllNow();

        // When
        Lab.xnat().faults().clear();
        reconciler.listAllNow();

        // Then
        awaitFailure("listing-resumed", "SPN01_MOVED");
        assertThat(events.all(ProcessingFailed.class))
                .filteredOn(e -> e.event().cause().filter("SPN01_MOVED"::equals).isPresent())
                .extracting(e -> e.event().reason().code())
                .containsExactly("project-not-answered", "listing-resumed");
    }

    @Test
    void whatWasSaidOfAProjectIsOverWhenNoStudyUsesItAnyMore() throws IOException {
        // Given
        Lab.sendNoWebhooks();
        Path file = Lab.studies().resolve("FAI02.yml");
        String study = """
                StudyTag: FAI02
                XnatProjects: [%s]
                Tags:
                  T1: { Pattern: { SeriesDescription: 'T1' }, QcType: anat }
                Sites:
                  CMH: {}
                """;
        Files.writeString(file, study.formatted("FAI02_MISSPELT"));
        awaitFailure("project-not-listed", "FAI02_MISSPELT");
        Lab.xnat().archive().createProject("FAI02");

        // When
        Files.writeString(file, study.formatted("FAI02"));

        // Then
        await().atMost(PATIENCE)
                .until(() -> studies.current().byProject("FAI02").isPresent());
        reconciler.listAllNow();
        awaitFailure("listing-resumed", "FAI02_MISSPELT");
    }

    @Test
    void aSessionThatIsReadWhileItsProjectIsListedForTheFirstTimeIsNoFailure() throws Exception {
        // Given a listing that has stored the session and is not committed yet
        String project = "FAIL" + UUID.randomUUID();
        SessionRef ref = new SessionRef("xnat", "FAIL_" + UUID.randomUUID());
        XnatListed listed =
                new XnatListed(ref.accession(), project, "label", "subject", "xnat:mrSessionData", null, null, "");
        CountDownLatch stored = new CountDownLatch(1);
        CountDownLatch commit = new CountDownLatch(1);
        CompletableFuture<Void> listing = CompletableFuture.runAsync(
                () -> QuarkusTransaction.requiringNew().run(() -> {
                    listings.store(project, "xnat", List.of(listed));
                    database.flush();
                    stored.countDown();
                    await().atMost(PATIENCE).until(() -> commit.getCount() == 0);
                }));
        assertThat(stored.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        // When
        CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> deletions.present(ref, project));
        await().atMost(PATIENCE).until(() -> waitingForAnother() > 0);
        commit.countDown();

        // Then
        assertThat(listing).succeedsWithin(PATIENCE);
        assertThat(reading).succeedsWithin(PATIENCE);
        assertThat(QuarkusTransaction.requiringNew().call(() -> listings.store(project, "xnat", List.of(listed))
                        .fresh()))
                .as("the listing's data is kept")
                .isEmpty();
    }

    private long waitingForAnother() {
        return QuarkusTransaction.requiringNew()
                .call(() -> (Number) database.createNativeQuery(
                                "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%listed_session%'")
                        .getSingleResult())
                .longValue();
    }
}
