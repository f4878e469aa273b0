package org.datman.qc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.QcAlarm;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcCompleteBuilder;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.QcReviewedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ReprocessRequestedBuilder;
import org.datman.contracts.event.ResourceExportedBuilder;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionDiscoveredBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.event.SessionSettledBuilder;
import org.datman.contracts.event.VisitChecked;
import org.datman.contracts.event.VisitPlanned;
import org.datman.contracts.event.VisitPlannedBuilder;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.provenance.QcProvenance;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.platform.testkit.WithEvents;
import org.datman.plots.report.Compared;
import org.datman.plots.report.ReportJson;
import org.datman.qc.measure.RedoResults;
import org.datman.qc.state.QcState;
import org.datman.qc.trend.Trends;
import org.datman.qc.visit.VisitCheck;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class QcServiceTest extends WithEvents {

    private static final String SESSION = Images.SESSION;

    @Inject
    Archive archive;

    @Inject
    QcState state;

    @Inject
    Trends trends;

    @Inject
    RedoResults redo;

    @Inject
    VisitCheck visits;

    @Inject
    EntityManager entities;

    private SessionRef session = new SessionRef("test", "E" + UUID.randomUUID());

    @Test
    void anExportedRunIsMeasuredWithPicturesAndAVerdict() throws Exception {
        // Given
        SeriesExported exported = exported("3", 1, run("anExportedRun", 8));

        // When
        Envelope<SeriesExported> cause = events.publish(exported);

        // Then
        QcComplete result = events.await(
                        QcComplete.class, event -> event.session().equals(session))
                .event();
        assertThat(result.metrics())
                .filteredOn(metric -> metric.key().equals("tsnr"))
                .singleElement()
                .satisfies(metric -> assertThat(metric.value().orElseThrow()).isGreaterThan(5));
        assertThat(result.flags()).extracting(QcComplete.Flag::kind).contains("truncated");
        assertThat(result.verdict().level()).isNotEqualTo(QcComplete.Level.PASS);
        assertThat(result.verdict().reasons()).anyMatch(reason -> reason.contains("8 of 12"));
        assertThat(result.pictures()).isNotEmpty();
        for (FileRef file : result.files()) {
            assertThat(Archive.sha256(archive.resolve(file.path()))).isEqualTo(file.sha256());
        }
        assertThat(cause.id()).isNotNull();
        QcProvenance provenance = EventJson.mapper()
                .readValue(
                        archive.resolve(file(result, FileRole.PROVENANCE).path())
                                .toFile(),
                        QcProvenance.class);
        assertThat(provenance.inputs())
                .containsExactlyElementsOf(exported.products().get(0).files());
        assertThat(provenance.outputs()).contains(file(result, FileRole.METRICS), file(result, FileRole.REPORT));
        assertThat(provenance.limits()).containsKey("fd_power_mean");
        assertThat(provenance.verdict()).isEqualTo(result.verdict());
        assertThat(provenance.runKey()).isEqualTo(result.runKey());
    }

    @Test
    void aRepeatedEventStatesTheSameResultAgain() throws Exception {
        // Given
        SeriesExported exported = exported("3", 1, run("aRepeatedEvent", 12));

        // When
        events.publish(exported);
        events.publish(exported);

        // Then
        List<Envelope<QcComplete>> results =
                events.awaitAll(QcComplete.class, event -> event.session().equals(session), 2);
        assertThat(results).extracting(Envelope::id).containsOnly(results.get(0).id());
        assertThat(results.get(1).event()).isEqualTo(results.get(0).event());
    }

    @Test
    void aDamagedImageIsAnErrorWithItsReasonAndTheNextGoesOn() throws Exception {
        // Given
        FileRef damaged = archive.write(
                FileRole.NIFTI, "QCT/nii/" + SESSION + "/damaged.nii.gz", "no image".getBytes(StandardCharsets.UTF_8));
        SeriesExported.Product broken =
                new SeriesExported.Product("damaged", "RST", "bold", List.of(1, 1, 1, 1), List.of(damaged));

        // When
        events.publish(exported("3", 1, broken));
        events.publish(exported("4", 1, run("afterDamaged", 12)));

        // Then
        List<Envelope<QcComplete>> results =
                events.awaitAll(QcComplete.class, event -> event.session().equals(session), 2);
        assertThat(results.get(0).event().verdict().level()).isEqualTo(QcComplete.Level.ERROR);
        assertThat(results.get(0).event().verdict().reasons().get(0)).contains("damaged");
        assertThat(results.get(1).event().verdict().level()).isNotEqualTo(QcComplete.Level.ERROR);
    }

    @Test
    void aSettledSessionIsCheckedAndABlacklistedSeriesIsMissedAgain() throws Exception {
        // Given
        SeriesExported.Product run = run("aSettledSession", 12);
        events.publish(discovered());
        events.publish(tagged("3", "RST", run.stem()));
        events.publish(exported("3", 1, run));
        events.publish(SessionSettledBuilder.builder()
                .session(session)
                .settleRevision(1)
                .cause(SessionSettled.Cause.QUIET)
                .series(List.of(new SessionSettled.SettledSeries("3", 1)))
                .resources(0)
                .firstSeen(Instant.EPOCH)
                .lastChange(Instant.EPOCH)
                .build());
        SessionChecked first = events.await(
                        SessionChecked.class,
                        event -> event.session().equals(session)
                                && event.pending().isEmpty())
                .event();

        // When
        events.publish(blacklisted(run.stem()));

        // Then
        assertThat(first.rows())
                .extracting(SessionChecked.Row::tag, SessionChecked.Row::outcome)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("RST", SessionChecked.Outcome.COMPLETE),
                        org.assertj.core.groups.Tuple.tuple("T1", SessionChecked.Outcome.MISSING));
        SessionChecked second = events.await(
                        SessionChecked.class,
                        event -> event.session().equals(session) && event.checkRevision() > first.checkRevision())
                .event();
        assertThat(second.rows()).extracting(SessionChecked.Row::outcome).containsOnly(SessionChecked.Outcome.MISSING);
    }

    @Test
    void whoAsksForTheMeasurementOfASeriesThatIsUnknownHereHasItsExportPublishedAgain() {
        // Given
        ReprocessRequested request = reprocess(ReprocessRequested.Stage.QC, Optional.of("3"));

        // When
        Envelope<ReprocessRequested> asked = events.publish(request);

        // Then
        Envelope<ReprocessRequested> again = events.await(
                ReprocessRequested.class,
                event -> event.session().equals(session) && event.stage() == ReprocessRequested.Stage.TAGGING);
        assertThat(again.event().scan()).contains("3");
        assertThat(again.event().requestedBy()).isEqualTo("qc");
        assertThat(again.causationId()).contains(asked.id().toString());
    }

    @Test
    void whoAsksForTheCheckOfASessionThatHasNotSettledIsInformedOfIt() {
        // Given
        events.publish(discovered());

        // When
        events.publish(reprocess(ReprocessRequested.Stage.CHECK, Optional.empty()));

        // Then
        Reason reason = events.await(
                        ProcessingFailed.class, event -> event.session().equals(Optional.of(session)))
                .event()
                .reason();
        assertThat(reason.code()).isEqualTo("not-settled");
        assertThat(reason.action()).contains("by itself when the upload is complete");
    }

    private ReprocessRequested reprocess(ReprocessRequested.Stage stage, Optional<String> scan) {
        return ReprocessRequestedBuilder.builder()
                .session(session)
                .stage(stage)
                .requestId(UUID.randomUUID().toString())
                .requestedBy("manager")
                .time(Instant.EPOCH)
                .scan(scan)
                .build();
    }

    @Test
    void aSessionOfAClosedStudyIsCompleteWithWhatCame() {
        // Given: CLO requires a T1, a resting run and notes, and is closed
        events.publish(discovered("CLO"));

        // When
        events.publish(SessionSettledBuilder.builder()
                .session(session)
                .settleRevision(1)
                .cause(SessionSettled.Cause.QUIET)
                .series(List.of())
                .resources(0)
                .firstSeen(Instant.EPOCH)
                .lastChange(Instant.EPOCH)
                .build());

        // Then
        SessionChecked checked = events.await(
                        SessionChecked.class, event -> event.session().equals(session))
                .event();
        assertThat(checked.complete()).as(checked.reasons().toString()).isTrue();
        assertThat(checked.rows()).isEmpty();
        assertThat(checked.paired()).contains(List.of());
    }

    @Test
    void aFileOfTheSubjectThatComesWithALaterSessionCompletesTheFirstOne() {
        // Given: SUB requires one consent per subject; two settled sessions of a subject have none
        SessionRef later = new SessionRef("test", "E" + UUID.randomUUID());
        String subject = "SUB_CMH_" + session.accession().substring(1, 9).toUpperCase(Locale.ROOT);
        publishSettled(session, subject + "_01_01", LocalDate.of(2026, 1, 2));
        publishSettled(later, subject + "_02_01", LocalDate.of(2026, 4, 2));
        SessionChecked first = events.await(
                        SessionChecked.class, event -> event.session().equals(session) && !event.complete())
                .event();
        SessionChecked second = events.await(
                        SessionChecked.class, event -> event.session().equals(later))
                .event();

        // When
        events.publish(ResourceExportedBuilder.builder()
                .session(later)
                .resourceRevision(1)
                .outcome(SeriesExported.Outcome.EXPORTED)
                .study("SUB")
                .sessionName(subject + "_02_01")
                .resource("7")
                .label("docs")
                .path("consent.pdf")
                .finished(Instant.EPOCH)
                .file(Optional.of(new FileRef(FileRole.RESOURCE, "SUB/consent.pdf", 10, "0".repeat(64))))
                .build());

        // Then
        assertThat(first.reasons()).singleElement().asString().startsWith("consent: expected at least 1");
        assertThat(second.complete()).isTrue();
        assertThat(second.paired().orElseThrow())
                .extracting(SessionChecked.Paired::reportedAt)
                .containsExactly(Optional.of(subject + "_01_01"));
        SessionChecked again = events.await(
                        SessionChecked.class,
                        event -> event.session().equals(session) && event.checkRevision() > first.checkRevision())
                .event();
        assertThat(again.complete()).isTrue();
    }

    @Test
    void aSessionWhoseStoredNameCannotBeReadIsAFactAndStopsNoCheckOfItsSubject() {
        // Given: SUB requires one consent per subject; the first session has a name that is none today
        SessionRef unreadable = new SessionRef("test", "E" + UUID.randomUUID());
        String subject = "SUB_CMH_" + session.accession().substring(1, 9).toUpperCase(Locale.ROOT);
        publishSettled(unreadable, subject + "_?1_01", LocalDate.of(2026, 1, 2));

        // When
        publishSettled(session, subject + "_02_01", LocalDate.of(2026, 4, 2));

        // Then: what is missing is reported by a session that is checked
        ProcessingFailed failed = events.await(
                        ProcessingFailed.class, event -> event.session().equals(Optional.of(unreadable)))
                .event();
        assertThat(failed.reason().code()).isEqualTo("session-name-unreadable");
        assertThat(failed.stage()).isEqualTo("check");
        SessionChecked checked = events.await(
                        SessionChecked.class, event -> event.session().equals(session))
                .event();
        assertThat(checked.reasons()).singleElement().asString().startsWith("consent: expected at least 1");
    }

    @Test
    void aRenamedSessionIsStoredTogetherWithTheChecksOfTheSubjectThatItLeft() throws Exception {
        // Given: the second session of the subject refers to the first one, and another transaction has locked it
        SessionRef later = new SessionRef("test", "E" + UUID.randomUUID());
        String subject = "SUB_CMH_" + session.accession().substring(1, 9).toUpperCase(Locale.ROOT);
        publishSettled(session, subject + "_01_01", LocalDate.of(2026, 1, 2));
        events.await(SessionChecked.class, event -> event.session().equals(session));
        publishSettled(later, subject + "_02_01", LocalDate.of(2026, 4, 2));
        events.await(SessionChecked.class, event -> event.session().equals(later));
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Void> other = CompletableFuture.runAsync(
                () -> QuarkusTransaction.requiringNew().run(() -> {
                    state.lock(later);
                    locked.countDown();
                    await().atMost(Duration.ofMinutes(2)).until(() -> release.getCount() == 0);
                }));
        locked.await();

        // When
        events.publish(discovered("SUB").withSessionRevision(2).withName(Optional.of("SUB_CMH_RENAMED_01_01")));
        await().atMost(Duration.ofSeconds(60)).until(() -> QuarkusTransaction.requiringNew()
                .call(() -> entities.createNativeQuery(
                                "select count(*) > 0 from pg_stat_activity where wait_event_type = 'Lock'"
                                        + " and datname = current_database()",
                                Boolean.class)
                        .getSingleResult())
                .equals(true));
        Optional<String> nameBefore = QuarkusTransaction.requiringNew()
                .call(() -> state.discovered(session).orElseThrow().name());
        release.countDown();

        // Then: a crash before the second check would have left nothing behind
        assertThat(nameBefore).contains(subject + "_01_01");
        other.join();
        SessionChecked alone = events.await(
                        SessionChecked.class, event -> event.session().equals(later) && event.checkRevision() > 1)
                .event();
        assertThat(alone.paired().orElseThrow())
                .extracting(SessionChecked.Paired::reportedAt)
                .containsExactly(Optional.empty());
    }

    @Test
    void aPlannedSessionThatNeverComesIsReportedUntilItArrives() {
        // Given: SUB plans a session for January 2026
        visits.checkAll();
        VisitChecked missed = events.await(
                        VisitChecked.class,
                        event -> event.visit().equals("SUB_CMH_VISIT1_02")
                                && event.state() == VisitChecked.State.OVERDUE)
                .event();

        // When
        events.publish(discovered("SUB").withName(Optional.of("SUB_CMH_VISIT1_02_01")));
        await().atMost(Duration.ofSeconds(60)).until(() -> QuarkusTransaction.requiringNew()
                .call(() -> state.discovered(session))
                .isPresent());
        visits.checkAll();

        // Then
        VisitChecked arrived = events.await(
                        VisitChecked.class,
                        event -> event.visit().equals("SUB_CMH_VISIT1_02")
                                && event.visitRevision() > missed.visitRevision())
                .event();
        assertThat(arrived.state()).isEqualTo(VisitChecked.State.ARRIVED);
        assertThat(arrived.sessions()).containsExactly("SUB_CMH_VISIT1_02_01");
        assertThat(arrived.date()).contains(LocalDate.of(2026, 1, 2));
    }

    @Test
    void aSessionThatIsPlannedInRedcapAndNeverComesIsReportedUntilRedcapPlansItNoMore() {
        // Given
        VisitPlanned planned = VisitPlannedBuilder.builder()
                .study("RED")
                .visit("RED_CMH_0001_02")
                .visitRevision(1)
                .state(VisitPlanned.State.PLANNED)
                .records(List.of("12"))
                .field("planned_day")
                .configRevision("config")
                .reason(Reason.of("visit-planned-in-redcap", "is planned"))
                .to(Optional.of(LocalDate.of(2026, 1, 31)))
                .build();
        events.publish(planned);
        VisitChecked missed = awaitVisit(planned, VisitChecked.State.OVERDUE);

        // When
        events.publish(planned.withVisitRevision(2)
                .withState(VisitPlanned.State.WITHDRAWN)
                .withTo(Optional.empty()));

        // Then
        VisitChecked withdrawn = awaitVisit(planned, VisitChecked.State.WITHDRAWN);
        assertThat(withdrawn.visitRevision()).isGreaterThan(missed.visitRevision());
        assertThat(missed.source()).isEqualTo("REDCap, field planned_day");
        assertThat(missed.reason().message())
                .isEqualTo("Session RED_CMH_0001_02 was due by 2026-01-31, as planned in REDCap, field planned_day,"
                        + " and has not arrived");
    }

    /** Checked again until the event of the plan was consumed. */
    private VisitChecked awaitVisit(VisitPlanned planned, VisitChecked.State state) {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            visits.checkAll();
            return QuarkusTransaction.requiringNew().call(() -> this.state.visits()).stream()
                    .anyMatch(visit -> visit.visit().equals(planned.visit()) && visit.state() == state);
        });
        return events.await(
                        VisitChecked.class, event -> event.visit().equals(planned.visit()) && event.state() == state)
                .event();
    }

    private void publishSettled(SessionRef ref, String name, LocalDate day) {
        events.publish(discovered("SUB")
                .withSession(ref)
                .withName(Optional.of(name))
                .withLabel(name)
                .withDate(Optional.of(day)));
        events.publish(SessionSettledBuilder.builder()
                .session(ref)
                .settleRevision(1)
                .cause(SessionSettled.Cause.QUIET)
                .series(List.of())
                .resources(0)
                .firstSeen(Instant.EPOCH)
                .lastChange(Instant.EPOCH)
                .build());
    }

    @Test
    void anImageUnlikeThoseBeforeItIsAnAlarmUntilARaterTakesItOut() throws Exception {
        // Given
        history(24, "UTO");
        SeriesExported.Product run = run("anImageUnlike", 12);
        events.publish(exported("3", 1, run, "UTO", "2026-01-02"));
        QcAlarm alarm = events.await(QcAlarm.class, event -> event.session().equals(session))
                .event();
        QcComplete result = events.await(
                        QcComplete.class, event -> event.session().equals(session))
                .event();

        // When
        events.publish(blacklisted(run.stem()));

        // Then
        assertThat(alarm.subject()).isEqualTo("tsnr");
        assertThat(alarm.rule()).isEqualTo(QcAlarm.Rule.LIMIT);
        assertThat(alarm.noticed()).isEqualTo(LocalDate.of(2026, 1, 2));
        assertThat(alarm.sigmas().orElseThrow()).isLessThan(-3.5);
        assertThat(alarm.reason().message()).contains("temporal SNR", "24 good scans from 2025-01-01");
        assertThat(result.verdict().reasons()).contains(alarm.reason().message());
        QcAlarm withdrawn = events.await(
                        QcAlarm.class,
                        event -> event.session().equals(session) && event.state() == QcAlarm.State.WITHDRAWN)
                .event();
        assertThat(withdrawn.alarmRevision()).isEqualTo(2);
    }

    @Test
    void anAlarmIsNotOverBecauseTheResultOnItsImageCannotBeRead() throws Exception {
        // Given
        history(24, "UNR");
        SeriesExported.Product run = run("alarmUnreadable", 12);
        Envelope<SeriesExported> cause = events.publish(exported("3", 1, run, "UNR", "2026-01-02"));
        events.await(QcAlarm.class, event -> event.session().equals(session));
        QuarkusTransaction.requiringNew()
                .run(() -> entities.createNativeQuery("update qc_result set event = '{}' where session = ?1")
                        .setParameter(1, session.identity())
                        .executeUpdate());

        // When
        QuarkusTransaction.requiringNew().run(() -> trends.reviewed(cause, session, run.stem()));

        // Then
        String alarm = (String) QuarkusTransaction.requiringNew()
                .call(() -> entities.createNativeQuery("select event from alarm where event like ?1")
                        .setParameter(1, "%" + session.accession() + "%")
                        .getSingleResult());
        assertThat(alarm).contains("\"RAISED\"");
    }

    @Test
    void aStoredHeaderOrAlarmThatCannotBeReadStopsNoOtherImage() throws Exception {
        // Given one of each in the history of a new image
        history(24, "UNS");
        SeriesExported.Product first = run("unreadableHeader", 12);
        events.publish(exported("3", 1, first, "UNS", "2026-01-02"));
        events.await(QcAlarm.class, event -> event.session().equals(session));
        QuarkusTransaction.requiringNew().run(() -> {
            int headers = entities.createNativeQuery(
                            "insert into header_value (session, scan, stem, study, site, tag, scanner, day, header)"
                                    + " values (?1, '9', 'unreadable', 'QCT', 'UNS', 'RST', '', date '2026-01-01', 'no json')"
                                    + " on conflict do nothing")
                    .setParameter(1, session.identity())
                    .executeUpdate();
            int alarms = entities.createNativeQuery("update alarm set event = '{}' where event like ?1")
                    .setParameter(1, "%" + session.accession() + "%")
                    .executeUpdate();
            assertThat(List.of(headers, alarms)).containsExactly(1, 1);
        });

        // When
        SeriesExported.Product second = run("afterUnreadable", 12);
        events.publish(exported("4", 1, second, "UNS", "2026-01-03"));

        // Then
        QcComplete result = events.await(
                        QcComplete.class,
                        event -> event.session().equals(session) && event.scan().equals("4"))
                .event();
        assertThat(result.stem()).isEqualTo(second.stem());
        // It is reported that the study does not have this site.
        assertThat(result.verdict().reasons())
                .anyMatch(reason -> reason.startsWith("Study QCT has no rules for RST at site UNS any more"));
        assertThat(result.verdict().level()).isNotEqualTo(QcComplete.Level.PASS);
    }

    @Test
    void aLaterSessionIsLaidBesideTheOneBeforeIt() throws Exception {
        // Given a session that was measured
        events.publish(exported("3", 1, run("theSessionBefore", 12), "PRE", "2026-01-02"));
        QcComplete first = events.await(
                        QcComplete.class, event -> event.session().equals(session))
                .event();
        SessionRef earlier = session;
        session = new SessionRef("test", "E" + UUID.randomUUID());

        // When another of the same protocol comes a week later
        events.publish(exported("3", 1, run("theSessionAfter", 12), "PRE", "2026-01-09"));

        // Then its pictures show both, and the earlier one has none of it
        QcComplete second = events.await(
                        QcComplete.class, event -> event.session().equals(session))
                .event();
        assertThat(first.session()).isEqualTo(earlier);
        assertThat(first.files()).extracting(file -> file.role().key()).contains("likeness");
        assertThat(first.pictures()).noneMatch(picture -> picture.path().endsWith("/blink.svg"));
        assertThat(second.pictures()).anyMatch(picture -> picture.path().endsWith("/blink.svg"));
        assertThat(second.metrics())
                .filteredOn(metric -> metric.key().equals("local_snr_ratio_min"))
                .singleElement()
                .satisfies(metric -> assertThat(metric.reason()).contains("fewer_than_3_earlier_sessions"));
    }

    @Test
    void aResultStatesWhatItWasComparedWithAndWhatIsGone() throws Exception {
        // Given three sessions, two a week apart and one on the day of the first; the likeness of the first is gone
        QcComplete gone = measured("wasThereOnce", "2026-01-02");
        QcComplete sameDay = measured("onTheSameDay", "2026-01-02");
        QcComplete before = measured("aWeekLater", "2026-01-09");
        Files.delete(archive.resolve(file(gone, FileRole.REFERENCE).path()));

        // When
        QcComplete last = measured("twoWeeksLater", "2026-01-16");

        // Then
        assertThat(compared(last))
                .containsExactlyInAnyOrder(
                        new Compared(
                                gone.stem(),
                                "earlier",
                                file(gone, FileRole.REFERENCE).sha256(),
                                "its likeness.json is no longer in the archive"),
                        new Compared(
                                sameDay.stem(),
                                "earlier",
                                file(sameDay, FileRole.REFERENCE).sha256(),
                                null),
                        new Compared(
                                before.stem(),
                                "earlier",
                                file(before, FileRole.REFERENCE).sha256(),
                                null));
        assertThat(compared(before)).extracting(Compared::series).containsOnly(gone.stem(), sameDay.stem());
        assertThat(compared(sameDay)).isEmpty();
        assertThat(last.verdict().reasons()).noneMatch(reason -> reason.contains("earlier session"));
    }

    /** Measures a run of a session of its own. */
    private QcComplete measured(String name, String day) throws Exception {
        SessionRef own = new SessionRef("test", "E" + UUID.randomUUID());
        events.publish(Images.exported(own, "3", 1, run(name, 12), "CMP", day));
        return events.await(QcComplete.class, event -> event.session().equals(own))
                .event();
    }

    private static FileRef file(QcComplete result, FileRole role) {
        return result.files().stream()
                .filter(file -> file.role() == role)
                .findFirst()
                .orElseThrow();
    }

    private List<Compared> compared(QcComplete result) throws Exception {
        return ReportJson.read(Files.readAllBytes(
                        archive.resolve(file(result, FileRole.METRICS).path())))
                .comparedWith();
    }

    @Test
    void anImageOfAnOlderDefinitionIsMeasuredAgainAndBothResultsAreKept() throws Exception {
        // Given: what an older DATMAN published about an exported image
        SeriesExported.Product run = run("anOlderDefinition", 12);
        events.publish(exported("3", 1, run));
        QcComplete now = events.await(QcComplete.class, event -> event.session().equals(session))
                .event();
        QcComplete old = olderDefinition(now, "tsnr", 12.5);
        QuarkusTransaction.requiringNew().run(() -> {
            state.store(old);
            trends.add(
                    Envelope.first(old, "test", Instant.EPOCH),
                    new Trends.Image(old, false, LocalDate.of(2026, 1, 2), null));
            entities.createNativeQuery("update qc_result set definitions = 'older' where session = ?1")
                    .setParameter(1, session.identity())
                    .executeUpdate();
        });

        // When
        RedoAll.of(redo);

        // Then
        List<Envelope<QcComplete>> sent =
                events.awaitAll(QcComplete.class, event -> event.session().equals(session), 2);
        QcComplete again = sent.get(1).event();
        assertThat(again.runKey()).isNotEqualTo(old.runKey());
        assertThat(again.metrics()).isEqualTo(now.metrics());
        FileRef earlier = again.files().stream()
                .filter(file -> file.role() == FileRole.EARLIER_METRICS)
                .findFirst()
                .orElseThrow();
        assertThat(Archive.sha256(archive.resolve(earlier.path()))).isEqualTo(earlier.sha256());
        List<?> versions = QuarkusTransaction.requiringNew().call(() -> entities.createNativeQuery(
                        "select version from trend_value where session = ?1 and metric = 'tsnr' order by version")
                .setParameter(1, session.identity())
                .getResultList());
        assertThat(versions).isEqualTo(List.of("0", "1"));
        assertThat(QuarkusTransaction.requiringNew().call(() -> entities.createNativeQuery(
                                "select count(*) from qc_result where session = ?1 and definitions = ?2")
                        .setParameter(1, session.identity())
                        .setParameter(2, MetricCatalogue.revision())
                        .getSingleResult()))
                .isEqualTo(1L);
    }

    private static QcComplete olderDefinition(QcComplete now, String key, double value) {
        return QcCompleteBuilder.builder(now)
                .metrics(now.metrics().stream()
                        .map(metric -> metric.key().equals(key)
                                ? new QcComplete.Metric(key, Optional.of(value), "1", "0", Optional.empty())
                                : metric)
                        .toList())
                .tool("datman-qc of before")
                .runKey("0".repeat(64))
                .build();
    }

    /** Images that were measured before, one a week, all alike. */
    private void history(int images, String site) {
        for (int i = 0; i < images; i++) {
            LocalDate day = LocalDate.of(2025, 1, 1).plusWeeks(i);
            QcComplete result = QcCompleteBuilder.builder()
                    .session(new SessionRef("test", "H" + i + session.accession()))
                    .seriesRevision(1)
                    .study("QCT")
                    .site(site)
                    .sessionName("QCT_" + site + "_0001_01_01")
                    .scan("3")
                    .stem("QCT_" + site + "_0001_01_01_RST_03_" + i)
                    .tag("RST")
                    .kind("bold")
                    .metrics(List.of(
                            new QcComplete.Metric("tsnr", Optional.of(500.0 + i % 5), "1", "1", Optional.empty())))
                    .flags(List.of())
                    .headerDifferences(List.of())
                    .pictures(List.of())
                    .files(List.of())
                    .verdict(new QcComplete.Verdict(QcComplete.Level.PASS, List.of()))
                    .inputSha256(String.format(Locale.ROOT, "%064x", i))
                    .tool("qc")
                    .runKey("run")
                    .configRevision("config")
                    .started(Instant.EPOCH)
                    .finished(Instant.EPOCH)
                    .phantom(Optional.of(false))
                    .date(Optional.of(day))
                    .acquisition(Optional.of(new QcComplete.Acquisition("", "", "")))
                    .build();
            QuarkusTransaction.requiringNew().run(() -> {
                state.store(result);
                trends.add(Envelope.first(result, "test", Instant.EPOCH), new Trends.Image(result, false, day, null));
            });
        }
    }

    private SeriesExported.Product run(String name, int volumes) throws IOException {
        return Images.run(archive, name, volumes);
    }

    private QcReviewed blacklisted(String stem) {
        return QcReviewedBuilder.builder()
                .session(session)
                .reviewId("review-1")
                .study("QCT")
                .sessionName(SESSION)
                .decision(QcReviewed.Decision.BLACKLISTED)
                .seen(List.of())
                .reviewer("rater")
                .time(Instant.EPOCH)
                .scan(Optional.of("3"))
                .stem(Optional.of(stem))
                .build();
    }

    private SeriesExported exported(String scan, long revision, SeriesExported.Product product) {
        return exported(scan, revision, product, "CMH", "2026-01-02");
    }

    private SeriesExported exported(
            String scan, long revision, SeriesExported.Product product, String site, String date) {
        return Images.exported(session, scan, revision, product, site, date);
    }

    private SessionDiscovered discovered() {
        return discovered("QCT");
    }

    private SessionDiscovered discovered(String study) {
        return SessionDiscoveredBuilder.builder()
                .session(session)
                .sessionRevision(1)
                .status(SessionDiscovered.Status.PRESENT)
                .project(study)
                .subjectLabel("subject")
                .label(SESSION)
                .phantom(false)
                .configRevision("config")
                .study(Optional.of(study))
                .site(Optional.of("CMH"))
                .name(Optional.of(SESSION))
                .date(Optional.of(LocalDate.of(2026, 1, 2)))
                .build();
    }

    private SeriesTagged tagged(String scan, String tag, String stem) {
        return Images.tagged(session, scan, SESSION, tag, stem);
    }
}
