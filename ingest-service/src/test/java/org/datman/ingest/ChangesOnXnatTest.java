package org.datman.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.datman.contracts.event.ConfigurationRead;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventId;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ReprocessRequested.Stage;
import org.datman.contracts.event.ReprocessRequestedBuilder;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.SeriesAssigned;
import org.datman.contracts.event.SeriesAssignedBuilder;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionDiscovered.Status;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.ingest.Lab.Planned;
import org.datman.ingest.outgoing.EventChain;
import org.datman.ingest.queue.QueueTable;
import org.datman.ingest.queue.SessionQueue;
import org.datman.ingest.queue.SyncOrigin;
import org.datman.ingest.reconcile.Reconciler;
import org.datman.platform.lease.LeasedQueue;
import org.datman.platform.testkit.EndedProcess;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.platform.work.WorkerThreads;
import org.datman.simulator.archive.ArchiveEvent;
import org.datman.simulator.archive.Session;
import org.datman.simulator.fault.Fault;
import org.datman.simulator.fault.FaultRule;
import org.datman.simulator.webhook.Emission;
import org.datman.simulator.webhook.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes on XNAT, and the published events; webhooks are lost, duplicated or late, and XNAT is unavailable at times. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(Lab.class)
class ChangesOnXnatTest {

    @TestHTTPResource("/")
    URI address;

    @Inject
    Reconciler reconciler;

    @Inject
    SessionQueue hints;

    @Inject
    QueueTable rows;

    @Inject
    WorkerThreads threads;

    EventsOnKafka events;

    @BeforeEach
    void begin() {
        Lab.sendWebhooksTo(address.getPort());
        events = EventsOnKafka.ofTests();
    }

    @AfterEach
    void end() {
        Lab.xnat().faults().clear();
        Lab.sendNoWebhooks();
        // Retries left by one test must not affect the next one.
        rows.deleteAll();
        events.close();
    }

    private <E extends Event> List<Envelope<E>> published(Class<E> type, Session session) {
        return events.all(type).stream()
                .filter(e -> e.event().key().equals(session.id()))
                .toList();
    }

    private Session settled(String label, Planned... series) throws IOException {
        Session session = Lab.scan(label, series);
        awaitSettled(session, 1);
        return session;
    }

    private SessionSettled awaitSettled(Session session, long revision) {
        return events.await(SessionSettled.class, e -> e.key().equals(session.id()) && e.settleRevision() == revision)
                .event();
    }

    private SessionDiscovered awaitSession(Session session, Status status) {
        return events.await(SessionDiscovered.class, e -> e.key().equals(session.id()) && e.status() == status)
                .event();
    }

    private void awaitIdle() {
        await().atMost(Duration.ofSeconds(20)).until(() -> hints.backlog() == 0);
    }

    @Test
    void aLostWebhookIsMadeUpForByTheSweepAndLateOnesAddNothing() throws IOException {
        // Given
        Lab.xnat().webhooks().next(Emission.canonical().lost());
        Session session = Lab.scan("SPN01_CMH_0010_01_01", new Planned(3, "T1", 2));
        reconciler.listAllNow();
        SeriesDiscovered bySweep = events.await(
                        SeriesDiscovered.class, e -> e.key().equals(session.id()))
                .event();
        awaitSettled(session, 1);

        // When
        ArchiveEvent late = new ArchiveEvent(ArchiveEvent.Kind.CREATED, session, "", Instant.now());
        Lab.xnat()
                .webhooks()
                .emit(late, Emission.of(Shape.EVENT_SERVICE).copies(3).storm(20));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Lab.xnat().webhooks().deliveries().stream()
                                .filter(d -> d.sessionId().equals(session.id()) && d.status() == 202)
                                .count()
                        >= 23);
        awaitIdle();

        // Then
        assertThat(published(SeriesDiscovered.class, session)).singleElement().satisfies(e -> {
            assertThat(e.id()).isEqualTo(EventId.of(bySweep));
            assertThat(e.event()).isEqualTo(bySweep);
        });
        assertThat(published(SessionDiscovered.class, session)).hasSize(1);
    }

    @Test
    void aRenameATransferAndALateSeriesAreEachReported() throws IOException {
        // Given
        Session session = settled("SPN01_CMH_0011_01_01", new Planned(3, "T1", 2));

        // When
        Lab.xnat().archive().rename(session.id(), "SPN01_CMH_0011_01_02");
        SessionDiscovered renamed = awaitSession(session, Status.RENAMED);
        Lab.xnat().archive().move(session.id(), "SPN01_MOVED");
        Lab.scanLate(Lab.xnat().archive().session(session.id()), new Planned(9, "T2", 1));

        // Then
        assertThat(renamed.previousLabel()).contains("SPN01_CMH_0011_01_01");
        assertThat(renamed.name()).contains("SPN01_CMH_0011_01_02");
        assertThat(awaitSession(session, Status.MOVED).previousProject()).contains("SPN01");
        SeriesDiscovered late = events.await(
                        SeriesDiscovered.class,
                        e -> e.key().equals(session.id()) && e.scan().equals("9"))
                .event();
        assertThat(late.status()).isEqualTo(SeriesDiscovered.Status.PRESENT);
        assertThat(events.await(
                                SessionSettled.class,
                                e -> e.key().equals(session.id()) && e.series().size() == 2)
                        .event()
                        .series())
                .extracting(SessionSettled.SettledSeries::scan)
                .containsExactlyInAnyOrder("3", "9");
    }

    @Test
    void aRemovedSeriesAndPairedDataAreReported() throws IOException {
        // Given
        Session session = settled("SPN01_CMH_0012_01_01", new Planned(3, "T1", 2), new Planned(4, "T2", 1));

        // When
        Lab.xnat().archive().removeScan(session.id(), "4");
        Lab.xnat().addResourceFile(session.id(), "behav", "run 1/log#1.txt", "x".getBytes(StandardCharsets.UTF_8));

        // Then
        SeriesDiscovered removed = events.await(
                        SeriesDiscovered.class,
                        e -> e.key().equals(session.id()) && e.status() == SeriesDiscovered.Status.REMOVED)
                .event();
        assertThat(removed.scan()).isEqualTo("4");
        assertThat(removed.seriesRevision()).isEqualTo(2);
        ResourceDiscovered paired = events.await(
                        ResourceDiscovered.class, e -> e.key().equals(session.id()))
                .event();
        assertThat(paired.path()).isEqualTo("run 1/log#1.txt");
        assertThat(paired.label()).isEqualTo("behav");
    }

    @Test
    void aSessionThatIsOnlySharedIntoAStudysProjectIsOfThatStudy() throws IOException {
        // Given: its subject cannot be seen
        Lab.sendNoWebhooks();
        Session session = Lab.scanIn("FOREIGN", "anything", new Planned(3, "T1", 1));
        Lab.xnat().faults().add(FaultRule.of(Fault.EMPTY_ZIP).on("/data/subjects/" + session.subjectId()));
        Lab.xnat().archive().share(session.id(), "SPN01", "SPN01_CMH_0030_01_01");

        // When
        reconciler.listAllNow();

        // Then
        SessionDiscovered reported = awaitSession(session, Status.PRESENT);
        assertThat(reported.project()).isEqualTo("SPN01");
        assertThat(reported.study()).contains("SPN01");
        assertThat(reported.name()).contains("SPN01_CMH_0030_01_01");
        awaitSettled(session, 1);
        assertThat(published(SeriesDiscovered.class, session)).hasSize(1);
        reconciler.listAllNow();
        awaitIdle();
        assertThat(published(SessionDiscovered.class, session)).hasSize(1);
    }

    @Test
    void filesOfAScanArePairedDataAndItsPicturesAndSeriesAreNot() throws IOException {
        // Given
        Session session = settled("SPN01_CMH_0031_01_01", new Planned(3, "T1", 1));

        // When
        Lab.xnat().addScanFile(session.id(), "3", "PHYSIO", "resp.log", "breath".getBytes(StandardCharsets.UTF_8));

        // Then
        ResourceDiscovered paired = events.await(
                        ResourceDiscovered.class, e -> e.key().equals(session.id()))
                .event();
        assertThat(paired.label()).isEqualTo("PHYSIO");
        assertThat(paired.path()).isEqualTo("resp.log");
        assertThat(paired.level()).contains(ResourceDiscovered.Level.SCAN);
        assertThat(paired.owner()).contains("3");
        awaitSettled(session, 2);
        assertThat(published(ResourceDiscovered.class, session)).hasSize(1);
    }

    @Test
    void aSessionThatXnatNeverHadIsGivenUpWithAWord() {
        // Given
        SessionRef ref =
                new SessionRef("xnat", "NEVER_E" + UUID.randomUUID().toString().substring(0, 8));

        // When
        QuarkusTransaction.requiringNew().run(() -> hints.now(ref, SyncOrigin.WEBHOOK, EventChain.first("test")));

        // Then
        ProcessingFailed last = events.await(
                        ProcessingFailed.class, e -> e.session().equals(Optional.of(ref)) && e.attempts() == 5)
                .event();
        assertThat(last.reason().code()).isEqualTo("session-not-found");
        assertThat(last.reason().message()).contains("requested 5 times and is not requested again");
        awaitIdle();
    }

    @Test
    void aPartThatIsGoneIsNoVoteForTheDeletionOfItsSession() throws IOException {
        // Given
        Lab.sendNoWebhooks();
        Session session = Lab.scan("SPN01_CMH_0034_01_01", new Planned(3, "T1", 1));
        Lab.xnat().faults().add(FaultRule.of(Fault.EMPTY_ZIP).on("/data/experiments/" + session.id() + "/"));

        // When
        reconciler.listAllNow();

        // Then
        ProcessingFailed failed = events.await(ProcessingFailed.class, e -> e.session()
                        .equals(Optional.of(new SessionRef("xnat", session.id()))))
                .event();
        assertThat(failed.reason().code()).isEqualTo("unreadable-answer");
        assertThat(failed.reason().message()).contains("The session exists, but not all of its listed resources");

        // When
        Lab.xnat().faults().clear();
        rows.dueNow();

        // Then
        ProcessingFailed over = events.await(
                        ProcessingFailed.class,
                        e -> e.reason().code().equals("session-read-resumed")
                                && e.session().equals(failed.session()))
                .event();
        assertThat(over.stage()).isEqualTo(failed.stage());
    }

    @Test
    void aRestartTakesBackWhatADeadWorkerHeld() throws IOException {
        // Given: a queue entry leased by a killed process for ten more minutes
        Lab.sendNoWebhooks();
        Session session = settledBySweep("SPN01_CMH_0033_01_01");
        SessionRef ref = new SessionRef("xnat", session.id());
        QuarkusTransaction.requiringNew().run(() -> {
            hints.now(ref, SyncOrigin.WEBHOOK, EventChain.first("test"));
            rows.lease(ref, EndedProcess.claim(), Instant.now().plusSeconds(600));
        });

        // When: as at a start
        LeasedQueue<?> restarted = rows.restarted();
        restarted.start(threads);

        // Then
        awaitIdle();
        restarted.stop();
    }

    @Test
    void aDeletionIsReportedOnceTheListingsAgree() throws IOException {
        // Given
        Session session = settled("SPN01_CMH_0013_01_01", new Planned(3, "T1", 1));

        // When
        Lab.xnat().archive().delete(session.id());

        // Then
        awaitSession(session, Status.DELETED);
        assertThat(published(SeriesDiscovered.class, session))
                .last()
                .satisfies(e -> assertThat(e.event().status()).isEqualTo(SeriesDiscovered.Status.REMOVED));
    }

    @Test
    void aSessionThatIsDeletedBeforeItWasReadIsReportedWithWhatToDo() throws IOException {
        // Given
        Lab.xnat().webhooks().next(Emission.canonical().lost());
        Session session = Lab.scan("SPN01_CMH_0022_01_01", new Planned(3, "T1", 1));
        ArchiveEvent created = new ArchiveEvent(ArchiveEvent.Kind.CREATED, session, "", Instant.now());
        Lab.xnat().webhooks().next(Emission.canonical().lost());
        Lab.xnat().archive().delete(session.id());

        // When
        Lab.xnat().webhooks().emit(created, Emission.canonical());

        // Then
        ProcessingFailed failed = events.await(ProcessingFailed.class, e -> e.session()
                        .equals(Optional.of(new SessionRef("xnat", session.id()))))
                .event();
        assertThat(failed.reason().code()).isEqualTo("session-not-found");
        assertThat(failed.reason().message()).contains(session.id());
        assertThat(failed.reason().action()).contains("deleted there before DATMAN could read it, press 'Dismiss'");
    }

    @Test
    void aSessionThatCannotBeSeenJustNowIsNotDeleted() throws IOException {
        // Given
        Session session = settled("SPN01_CMH_0014_01_01", new Planned(3, "T1", 1));
        Lab.xnat()
                .faults()
                .add(FaultRule.of(Fault.EMPTY_ZIP)
                        .on("/data/experiments/" + session.id())
                        .times(4));

        // When
        Lab.xnat().archive().announce(ArchiveEvent.Kind.MODIFIED, session.id(), "");
        awaitIdle();

        // Then
        assertThat(published(SessionDiscovered.class, session))
                .noneMatch(e -> e.event().status() == Status.DELETED);
    }

    @Test
    void anOutageOfXnatDelaysAndLosesNothing() throws IOException {
        // Given
        Lab.xnat().faults().add(FaultRule.status(503).on("/data/").times(12));
        Lab.xnat()
                .faults()
                .add(FaultRule.of(Fault.LOGIN_PAGE).on("/data/").after(12).times(1));
        Lab.xnat().faults().add(FaultRule.of(Fault.SESSION_EXPIRED).on("/files").times(1));

        // When
        Session session = Lab.scan("SPN01_CMH_0015_01_01", new Planned(3, "T1", 2));

        // Then
        awaitSettled(session, 1);
        assertThat(published(SeriesDiscovered.class, session))
                .singleElement()
                .satisfies(e -> assertThat(e.event().header()).isNotEmpty());
    }

    @Test
    void odditiesOfASeriesAreReasonsAndStopNothing() throws IOException {
        // Given
        Lab.xnat().webhooks().next(Emission.canonical().lost());
        Session session = Lab.scan("SPN01_CMH_0016_01_01", new Planned(3, "T1", 2), new Planned(4, "T2", 1));
        String first = session.scans().stream()
                .filter(s -> s.id().equals("3"))
                .flatMap(s -> s.resources().get(0).files().stream())
                .map(f -> f.path())
                .sorted()
                .findFirst()
                .orElseThrow();
        Lab.xnat().webhooks().next(Emission.canonical().lost());
        Lab.xnat().addScanFile(session.id(), "3", "DICOM", first, "no DICOM at all".getBytes(StandardCharsets.UTF_8));

        // When
        reconciler.listAllNow();

        // Then
        SeriesDiscovered odd = events.await(
                        SeriesDiscovered.class,
                        e -> e.key().equals(session.id()) && e.scan().equals("3"))
                .event();
        assertThat(odd.problem()).hasValueSatisfying(p -> assertThat(p.code()).isEqualTo("unreadable-header"));
        assertThat(odd.fileCount()).isEqualTo(2);
        awaitSettled(session, 1);
        assertThat(published(SeriesDiscovered.class, session)).hasSize(2);
    }

    @Test
    void aScanThatXnatCannotListStopsNoOtherAndFollowsByItselfWhenItCan() throws IOException {
        // Given
        String fault = Lab.xnat().faults().add(FaultRule.status(500).on("/scans/4/resources/[^/]+/files"));

        // When
        Session session = Lab.scan("SPN01_CMH_0061_01_01", new Planned(3, "T1", 2), new Planned(4, "T2", 1));

        // Then the other scan is there, and the session settles
        events.await(
                SeriesDiscovered.class,
                e -> e.key().equals(session.id())
                        && e.scan().equals("3")
                        && e.status() == SeriesDiscovered.Status.PRESENT);
        SeriesDiscovered failing = events.await(
                        SeriesDiscovered.class,
                        e -> e.key().equals(session.id()) && e.scan().equals("4"))
                .event();
        assertThat(failing.problem()).hasValueSatisfying(why -> {
            assertThat(why.code()).isEqualTo("files-not-listed");
            assertThat(why.action()).contains("read again by itself");
        });
        ProcessingFailed unlisted = events.await(
                        ProcessingFailed.class,
                        e -> e.reason().code().equals("files-not-listed")
                                && e.key().equals(session.id()))
                .event();
        assertThat(unlisted.reason().message()).contains("scan 4");
        assertThat(hints.backlog()).isPositive();

        // When it is read again, and then XNAT can list it
        rows.dueNow();
        await().atMost(Duration.ofSeconds(30)).until(() -> rows.waits(session.id()));
        Lab.xnat().faults().remove(fault);
        rows.dueNow();

        // Then
        events.await(
                SeriesDiscovered.class,
                e -> e.key().equals(session.id())
                        && e.scan().equals("4")
                        && e.status() == SeriesDiscovered.Status.PRESENT
                        && e.problem().isEmpty());
        ProcessingFailed resumed = events.await(
                        ProcessingFailed.class,
                        e -> e.reason().code().equals("files-listed-resumed")
                                && e.key().equals(session.id()))
                .event();
        assertThat(resumed.cause()).isEqualTo(unlisted.cause());
        assertThat(events.all(ProcessingFailed.class))
                .filteredOn(e -> e.event().key().equals(session.id())
                        && e.event().stage().equals(unlisted.stage()))
                .as("once, though it was read twice")
                .extracting(e -> e.event().reason().code())
                .containsExactly("files-not-listed", "files-listed-resumed");
        assertThat(resumed.stage()).isEqualTo(unlisted.stage());
    }

    @Test
    void aLabelThatIsNoNameIsReportedWithTheReason() throws IOException {
        // Given
        String label = "spn01_cmh_0017_oddly";

        // When
        Session session = Lab.scan(label, new Planned(3, "T1", 1));

        // Then
        SessionDiscovered reported = awaitSession(session, Status.PRESENT);
        assertThat(reported.name()).isEmpty();
        assertThat(reported.nameProblem())
                .hasValueSatisfying(p -> assertThat(p.action()).isNotEmpty());
        events.await(SeriesDiscovered.class, e -> e.key().equals(session.id()));
    }

    @Test
    void aWorkerThatDiedIsReplacedAndNothingIsReportedTwice() throws IOException {
        // Given
        Lab.sendNoWebhooks();
        Session session = settledBySweep("SPN01_CMH_0018_01_01");
        SessionRef ref = new SessionRef("xnat", session.id());
        QuarkusTransaction.requiringNew().run(() -> hints.now(ref, SyncOrigin.WEBHOOK, EventChain.first("test")));

        // When: the queue entry is claimed by a worker that never returns, and its lease expires
        rows.lease(ref, "elsewhere/1/then/service#claim", Instant.now().plusSeconds(1));
        awaitIdle();

        // Then
        assertThat(published(SeriesDiscovered.class, session)).hasSize(1);
        assertThat(published(SessionDiscovered.class, session)).hasSize(1);
    }

    private Session settledBySweep(String label) throws IOException {
        Session session = Lab.scan(label, new Planned(3, "T1", 1));
        reconciler.listAllNow();
        awaitSettled(session, 1);
        awaitIdle();
        return session;
    }

    @Test
    void askedToReadAgainItPublishesTheSameUnderTheSameId() throws IOException {
        // Given
        Session session = settled("SPN01_CMH_0019_01_01", new Planned(3, "T1", 1));

        // When
        Envelope<ReprocessRequested> asked = events.publish(request(session, Stage.INGEST));

        // Then
        List<Envelope<SeriesDiscovered>> publishedEvents =
                events.awaitAll(SeriesDiscovered.class, e -> e.key().equals(session.id()), 2);
        assertThat(publishedEvents)
                .extracting(Envelope::id)
                .containsOnly(publishedEvents.get(0).id());
        assertThat(publishedEvents.get(1).causationId()).contains(asked.id().toString());
        assertThat(publishedEvents.get(1).correlationId()).isEqualTo(asked.correlationId());
    }

    @Test
    void askedToTagAgainItPublishesTheSeriesWithoutAskingXnat() throws IOException {
        // Given
        Session session = settled("SPN01_CMH_0020_01_01", new Planned(3, "T1", 1));
        Lab.xnat().faults().add(FaultRule.status(503).on("/data/experiments/" + session.id()));

        // When
        events.publish(request(session, Stage.TAGGING));

        // Then
        List<Envelope<SeriesDiscovered>> publishedEvents =
                events.awaitAll(SeriesDiscovered.class, e -> e.key().equals(session.id()), 2);
        assertThat(publishedEvents)
                .extracting(Envelope::id)
                .containsOnly(publishedEvents.get(0).id());
    }

    @Test
    void whatAPersonAssignsIsPublishedWithTheSeriesAndTakenBackAgain() throws IOException {
        // Given
        Session session = settled("SPN01_CMH_0035_01_01", new Planned(3, "T1", 1));
        SeriesDiscovered before = events.await(
                        SeriesDiscovered.class, e -> e.session().accession().equals(session.id()))
                .event();
        SeriesAssigned assigned = assigned(before.session(), before.uid());

        // When
        events.publish(assigned);
        events.awaitAll(SeriesDiscovered.class, e -> e.key().equals(session.id()), 2);
        events.publish(assigned.withDecision(SeriesAssigned.Decision.WITHDRAWN)
                .withTag(Optional.empty())
                .withTime(Instant.parse("2026-11-02T09:01:00Z")));

        // Then
        List<SeriesDiscovered> published =
                events.awaitAll(SeriesDiscovered.class, e -> e.key().equals(session.id()), 3).stream()
                        .map(Envelope::event)
                        .toList();
        assertThat(published)
                .containsExactly(
                        before,
                        before.withSeriesRevision(before.seriesRevision() + 1).withAssigned(assigned.standing()),
                        before.withSeriesRevision(before.seriesRevision() + 2));
    }

    @Test
    void whatIsAssignedBeforeTheSeriesIsKnownIsReportedAndAppliesOnceItIsRead() throws IOException {
        // Given: no webhook tells of the session
        Lab.sendNoWebhooks();
        Session session = Lab.scan("SPN01_CMH_0036_01_01", new Planned(3, "T1", 1));
        SeriesAssigned assigned = assigned(new SessionRef("xnat", session.id()), Optional.empty());

        // When
        events.publish(assigned);

        // Then
        ProcessingFailed unknown = events.await(
                        ProcessingFailed.class,
                        e -> e.session().filter(assigned.session()::equals).isPresent())
                .event();
        assertThat(unknown.reason().code()).isEqualTo("unknown-series");
        events.await(
                SeriesDiscovered.class,
                e -> e.session().equals(assigned.session()) && e.assigned().equals(assigned.standing()));
    }

    @Test
    void aSessionThatIsCreatedAgainKeepsWhatAPersonAssignedAndADeletionAloneIsAFact() throws IOException {
        // Given
        Session first = settled("SPN01_CMH_0037_01_01", new Planned(3, "T1", 1));
        SeriesDiscovered before = events.await(
                        SeriesDiscovered.class, e -> e.session().accession().equals(first.id()))
                .event();
        SeriesAssigned assigned = assigned(before.session(), before.uid());
        events.publish(assigned);
        events.awaitAll(SeriesDiscovered.class, e -> e.key().equals(first.id()), 2);
        Lab.xnat().archive().delete(first.id());
        awaitSession(first, Status.DELETED);

        // When
        Session again = Lab.scan("SPN01_CMH_0037_01_01", new Planned(3, "T1", 1));

        // Then
        SeriesDiscovered kept = events.await(
                        SeriesDiscovered.class, e -> e.session().accession().equals(again.id()))
                .event();
        assertThat(again.id()).isNotEqualTo(first.id());
        assertThat(kept.uid()).isPresent().isEqualTo(before.uid());
        assertThat(kept.assigned()).isPresent().isEqualTo(assigned.standing());
        ProcessingFailed deleted = events.await(
                        ProcessingFailed.class,
                        e -> e.session().filter(before.session()::equals).isPresent())
                .event();
        assertThat(deleted.reason().code()).isEqualTo("assigned-series-deleted");
        assertThat(deleted.reason().message()).contains("3 (T2)");
        assertThat(published(SessionDiscovered.class, first))
                .as("the deletion does not close it")
                .allMatch(e -> e.time().isBefore(deleted.time()));
    }

    private static SeriesAssigned assigned(SessionRef session, Optional<String> uid) {
        return SeriesAssignedBuilder.builder()
                .session(session)
                .scan("3")
                .decision(SeriesAssigned.Decision.TAG)
                .reason("It is the T2")
                .assignedBy("jdoe")
                .time(Instant.parse("2026-11-02T09:00:00Z"))
                .uid(uid)
                .tag(Optional.of("T2"))
                .build();
    }

    @Test
    void askedToTagWhatIsUnknownItReportsIt() {
        // Given
        ReprocessRequested unknown = ReprocessRequestedBuilder.builder()
                .session(new SessionRef("xnat", "NO_SUCH"))
                .stage(Stage.TAGGING)
                .requestId(UUID.randomUUID().toString())
                .requestedBy("tester")
                .time(Instant.now())
                .build();

        // When
        events.publish(unknown);

        // Then
        ProcessingFailed failed = events.await(
                        ProcessingFailed.class,
                        e -> e.session().filter(unknown.session()::equals).isPresent())
                .event();
        assertThat(failed.reason().code()).isEqualTo("unknown-series");
    }

    @Test
    void aSessionOfAnotherServerIsNotReadFromThisOneThoughItHasTheAccessionIdToo() throws IOException {
        // Given
        Session session = settled("SPN01_CMH_0195_01_01", new Planned(3, "T1", 2));
        SessionRef elsewhere = new SessionRef("elsewhere", session.id());

        // When
        events.publish(request(elsewhere, Stage.INGEST));

        // Then
        ProcessingFailed failed = events.await(
                        ProcessingFailed.class, e -> e.session().equals(Optional.of(elsewhere)))
                .event();
        assertThat(failed.reason().code()).isEqualTo("other-xnat-server");
        awaitIdle();
        assertThat(events.all(SessionDiscovered.class))
                .extracting(e -> e.event().session())
                .doesNotContain(elsewhere);
    }

    private static ReprocessRequested request(Session session, Stage stage) {
        return request(new SessionRef("xnat", session.id()), stage);
    }

    private static ReprocessRequested request(SessionRef session, Stage stage) {
        return ReprocessRequestedBuilder.builder()
                .session(session)
                .stage(stage)
                .requestId(UUID.randomUUID().toString())
                .requestedBy("tester")
                .time(Instant.now())
                .build();
    }

    @Test
    void aFaultInAStudyFileIsReportedWithItsPlaceAndItsMendingToo() throws IOException {
        // Given
        Path file = Lab.studies().resolve("FAULTY.yml");
        Files.writeString(file, "StudyTag: FAULTY\nQuietPeriod: soon\n");
        ConfigurationRead faulty = events.await(ConfigurationRead.class, e -> e.faults().stream()
                        .anyMatch(f -> f.file().equals("FAULTY.yml")))
                .event();

        // When
        Files.delete(file);

        // Then
        assertThat(faulty.studies()).contains("SPN01");
        assertThat(faulty.faults()).anySatisfy(fault -> {
            assertThat(fault.line()).isEqualTo(2);
            assertThat(fault.key()).isEqualTo("QuietPeriod");
            assertThat(fault.problem()).contains("soon");
            assertThat(fault.allowed()).isNotEmpty();
        });
        ConfigurationRead mended = events.await(
                        ConfigurationRead.class, e -> e.time().isAfter(faulty.time()))
                .event();
        assertThat(mended.faults()).isEmpty();
    }

    @Test
    void newRulesHaveSessionsAndSeriesPublishedAgain() throws IOException {
        // Given
        Session session = settled("SPN01_CMH_0021_01_01", new Planned(3, "T1", 1));
        Path file = Lab.studies().resolve("SPN01.yml");
        String rules = Files.readString(file);

        // When
        Files.writeString(file, rules + "# revised " + UUID.randomUUID() + "\n");

        // Then
        List<Envelope<SessionDiscovered>> publishedEvents =
                events.awaitAll(SessionDiscovered.class, e -> e.key().equals(session.id()), 2);
        Set<String> revisions =
                publishedEvents.stream().map(e -> e.event().configRevision()).collect(Collectors.toSet());
        assertThat(revisions).hasSize(2);
        assertThat(publishedEvents).extracting(e -> e.event().sessionRevision()).containsOnly(1L);
        events.awaitAll(SeriesDiscovered.class, e -> e.key().equals(session.id()), 2);
    }

    @Test
    void rulesThatNeedAnotherHeaderElementHaveItReadOnceAndPublishedAsARevision() throws IOException {
        // Given
        Lab.xnat().archive().createProject("KEY01");
        String rules = """
                StudyTag: KEY01
                XnatProjects: [KEY01]
                QuietPeriod: 1s
                SettleCap: 30s
                Tags:
                  T1: { Pattern: { SeriesDescription: 'T1' }, QcType: anat }
                Sites:
                  CMH: {}
                """;
        Path file = Files.writeString(Lab.studies().resolve("KEY01.yml"), rules);
        events.await(ConfigurationRead.class, e -> e.studies().contains("KEY01"));
        Session session = Lab.scanOf("KEY01", "KEY01_CMH_0001_01_01", new Planned(3, "T1", 1));
        awaitSettled(session, 1);

        // When
        Files.writeString(
                file,
                rules.replace("'T1' }", "'T1', Header: { InstanceNumber: { Max: 5 }, PixelSpacing: { Max: 1 } } }"));

        // Then: decided when its header was read, not before with values that nobody knows
        awaitSettled(session, 2);
        assertThat(published(SeriesDiscovered.class, session))
                .extracting(e -> e.event().seriesRevision())
                .containsExactly(1L, 2L);
        assertThat(published(SeriesDiscovered.class, session).get(1).event().header())
                .containsEntry("InstanceNumber", "1")
                .containsEntry("PixelSpacing", "")
                .doesNotContainKey("PatientID");
    }
}
