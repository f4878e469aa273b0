package org.datman.local.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventId;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineRequestedBuilder;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ReprocessRequestedBuilder;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.local.chaos.check.Violation.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each violation is planted once into the history of a run that has none, and it alone is reported. */
class HistoryCheckerTest {

    private static final EventFixtures CALM = EventFixtures.of("SIM_E00001", "CHAOS_CMH_0001_01_01");
    private static final EventFixtures STRUCK = EventFixtures.of("SIM_E00002", "CHAOS_CMH_1001_01_01");
    private static final List<ExpectedSession> EXPECTED = List.of(expected(CALM), expected(STRUCK));

    private static ExpectedSession expected(EventFixtures session) {
        return new ExpectedSession(session.session(), session.name(), Set.of("3"), 0, CALM.name());
    }

    /** A history that can be changed. */
    private static final class Draft {
        final List<RecordedEvent> events = new ArrayList<>();
        final List<RecordedDeadLetter> deadLetters = new ArrayList<>();
        final List<String> unreadable = new ArrayList<>();
        final Map<String, RecordedFile> files = new LinkedHashMap<>();
        final Map<String, String> readModel = new HashMap<>(Map.of("/api/studies", "[1]", "/api/inbox", "[]"));
        final Map<String, String> rebuilt = new HashMap<>(readModel);
        final List<String> open = new ArrayList<>();

        Draft() {
            Stream.of(CALM, STRUCK).forEach(session -> {
                add(session.discovered(1, session.name()));
                add(session.series("3", 1, "Sag T1"));
                add(session.tagged("3", 1, "T1", "Sag T1"));
                add(session.exported("3", 1, "T1"));
                add(measured(session));
                add(session.settled(1, "3"));
                add(session.checked(1, true));
                add(session.run(PipelineUpdated.State.SUCCEEDED));
                Stream.concat(
                                session.exported("3", 1, "T1").products().stream()
                                        .flatMap(product -> product.files().stream()),
                                measured(session).files().stream())
                        .forEach(file -> files.put(
                                file.path(),
                                new RecordedFile(
                                        file.path(), file.sha256(), file.role().key())));
            });
        }

        final void add(Event event) {
            add(0, event);
        }

        final void add(int partition, Event event) {
            events.add(new RecordedEvent(partition, events.size(), event.key(), EventId.of(event), event));
        }

        void remove(Predicate<Event> which) {
            events.removeIf(
                    one -> which.test(one.event()) && one.event().sessionRef().equals(Optional.of(STRUCK.session())));
        }

        void replace(Event event) {
            events.replaceAll(one ->
                    one.event().type() == event.type() && one.event().identity().equals(event.identity())
                            ? new RecordedEvent(one.partition(), one.offset(), one.key(), EventId.of(event), event)
                            : one);
        }

        List<Violation> violations() {
            return HistoryChecker.check(
                    new RecordedHistory(
                            events, unreadable, deadLetters, List.copyOf(files.values()), readModel, rebuilt, open),
                    EXPECTED);
        }
    }

    private static QcComplete measured(EventFixtures session) {
        return session.measured("3", 1, "T1", QcComplete.Level.PASS);
    }

    private static String path(int number) {
        return STRUCK.exported("3", 1, "T1")
                .products()
                .get(0)
                .files()
                .get(number)
                .path();
    }

    @Test
    void aRunWithoutFaultsHasNoViolations() {
        // Given
        Draft draft = new Draft();

        // When
        List<Violation> violations = draft.violations();

        // Then
        assertThat(violations).isEmpty();
    }

    @Test
    void whatMayHappenIsNoViolation() {
        // Given a record that was sent twice, work that was repeated before it was published, a second export that was
        // asked for, an
        // outage that ended, and a file of the whole dataset
        Draft draft = new Draft();
        draft.add(STRUCK.tagged("3", 1, "T1", "Sag T1"));
        draft.add(measured(STRUCK).withStarted(EventFixtures.START.plusSeconds(60)));
        draft.add(reprocess());
        draft.add(STRUCK.exported("3", 1, "T1").withExportRevision(2));
        draft.add(outage("xnat-away", EventFixtures.START));
        draft.add(outage("xnat-resumed", EventFixtures.START.plusSeconds(9)));
        draft.files.put("CHAOS/bids/participants.tsv", new RecordedFile("CHAOS/bids/participants.tsv", "1", "1"));

        // When
        List<Violation> violations = draft.violations();

        // Then
        assertThat(violations).isEmpty();
    }

    static Stream<Arguments> planted() {
        return Stream.of(
                plant(
                        "session not discovered",
                        Kind.LOST,
                        "was never discovered",
                        draft -> draft.remove(event -> event instanceof SessionDiscovered)),
                plant(
                        "series not discovered",
                        Kind.LOST,
                        "scan 3",
                        draft -> draft.remove(event -> event instanceof SeriesDiscovered)),
                plant(
                        "series not tagged",
                        Kind.LOST,
                        "was not tagged at revision 1",
                        draft -> draft.remove(event -> event instanceof SeriesTagged)),
                plant("series not exported", Kind.LOST, "was not exported at revision 1", draft -> {
                    draft.remove(event -> event instanceof SeriesExported);
                }),
                plant(
                        "newest revision not tagged",
                        Kind.LOST,
                        "was not tagged at revision 2",
                        draft -> draft.add(STRUCK.series("3", 2, "Sag T1"))),
                plant(
                        "not settled",
                        Kind.LOST,
                        "never settled",
                        draft -> draft.remove(event -> event instanceof SessionSettled)),
                plant(
                        "settled without a scan",
                        Kind.LOST,
                        "settled with the scans []",
                        draft -> draft.replace(STRUCK.settled(1))),
                plant(
                        "not checked",
                        Kind.LOST,
                        "was not checked",
                        draft -> draft.remove(event -> event instanceof SessionChecked)),
                plant(
                        "checked too early",
                        Kind.LOST,
                        "[3] was pending",
                        draft -> draft.replace(STRUCK.checked(1, true).withPending(List.of("3")))),
                plant(
                        "two exports of one revision",
                        Kind.TWICE,
                        "was exported 2 times",
                        draft -> draft.add(STRUCK.exported("3", 1, "T1").withExportRevision(2))),
                plant("a run requested twice", Kind.TWICE, "was requested by the rules 2 times", draft -> {
                    draft.add(request("one"));
                    draft.add(request("two"));
                }),
                plant(
                        "a run that succeeded twice",
                        Kind.TWICE,
                        "succeeded 2 times",
                        draft -> draft.add(
                                STRUCK.run(PipelineUpdated.State.SUCCEEDED).withAttempt(2))),
                plant(
                        "one id, two contents",
                        Kind.ID_REUSED,
                        "series-tagged",
                        draft -> draft.add(STRUCK.tagged("3", 1, "T2", "Sag T1"))),
                plant("an older revision after a newer", Kind.ORDER, "is older", draft -> {
                    draft.add(STRUCK.discovered(3, STRUCK.name()));
                    draft.add(STRUCK.discovered(2, STRUCK.name()));
                }),
                plant(
                        "a key in two partitions",
                        Kind.ORDER,
                        "is in partition 0, too",
                        draft -> draft.add(1, STRUCK.discovered(2, STRUCK.name()))),
                plant(
                        "a published file with another digest",
                        Kind.PUBLISHED_FILE,
                        "has digest 0",
                        draft -> draft.files.computeIfPresent(
                                path(0), (path, file) -> new RecordedFile(path, "0", file.comparable()))),
                plant("a published file that is not there", Kind.PUBLISHED_FILE, "is not in the archive", draft -> {
                    FileRef other = new FileRef(FileRole.SIDECAR, "CHAOS/nii/other.json", 1, "1");
                    draft.replace(STRUCK.exported("3", 1, "T1")
                            .withProducts(List.of(
                                    STRUCK.exported("3", 1, "T1").products().get(0),
                                    new SeriesExported.Product("other", "T1", "ignore", List.of(), List.of(other)))));
                }),
                plant(
                        "a file of other content than in the calm session",
                        Kind.DIFFERS_FROM_CALM,
                        "differs",
                        draft -> draft.files.computeIfPresent(
                                path(1), (path, file) -> new RecordedFile(path, file.sha256(), "other"))),
                plant(
                        "a file that the calm session does not have",
                        Kind.DIFFERS_FROM_CALM,
                        "is not in the calm",
                        draft -> draft.files.put(
                                "CHAOS/nii/" + STRUCK.name() + "/left.part",
                                new RecordedFile("CHAOS/nii/" + STRUCK.name() + "/left.part", "1", "1"))),
                plant(
                        "a file that only the calm session has",
                        Kind.DIFFERS_FROM_CALM,
                        "is missing",
                        draft -> draft.files.put(
                                "CHAOS/qc/" + CALM.name() + "/x.png",
                                new RecordedFile("CHAOS/qc/" + CALM.name() + "/x.png", "1", "1"))),
                plant(
                        "other numbers",
                        Kind.DIFFERS_FROM_CALM,
                        "measurement of",
                        draft -> draft.replace(STRUCK.measured("3", 1, "T1", QcComplete.Level.FLAG))),
                plant(
                        "a run that failed",
                        Kind.DIFFERS_FROM_CALM,
                        "run of brain-volume",
                        draft -> draft.replace(STRUCK.run(PipelineUpdated.State.FAILED))),
                plant(
                        "a read model that is not the topics'",
                        Kind.READ_MODEL,
                        "found '[1, 2]'",
                        draft -> draft.readModel.put("/api/studies", "[1, 2]")),
                plant(
                        "a dead letter",
                        Kind.DEAD_LETTER,
                        "poison",
                        draft -> draft.deadLetters.add(
                                new RecordedDeadLetter("series-tagged.export.dlq", 0, "SIM_E00002", "poison"))),
                plant(
                        "a record that is no event",
                        Kind.DEAD_LETTER,
                        "is no event",
                        draft -> draft.unreadable.add("qc-complete-0@4")),
                plant(
                        "an outage that did not end",
                        Kind.OPEN_FAILURE,
                        "xnat-away",
                        draft -> draft.add(outage("xnat-away", EventFixtures.START))),
                plant("an outage that a session's page still has", Kind.OPEN_FAILURE, "waits for a system", draft -> {
                    String page = "{\"failures\": [{\"service\": \"export\", \"message\": \"it waits for a system\"}]}";
                    draft.readModel.put("/api/sessions/xnat/SIM_E00002", page);
                    draft.rebuilt.put("/api/sessions/xnat/SIM_E00002", page);
                }),
                plant(
                        "not quiet",
                        Kind.NOT_QUIET,
                        "waits for",
                        draft -> draft.open.add("CHAOS_CMH_1001_01_01 waits for session-checked")));
    }

    private static Arguments plant(String name, Kind kind, String text, Consumer<Draft> plant) {
        return Arguments.of(name, kind, text, plant);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("planted")
    void aPlantedViolationAloneIsReported(String name, Kind kind, String text, Consumer<Draft> plant) {
        // Given
        Draft draft = new Draft();
        plant.accept(draft);

        // When
        List<Violation> violations = draft.violations();

        // Then
        assertThat(violations).singleElement().satisfies(violation -> {
            assertThat(violation.kind()).isEqualTo(kind);
            assertThat(violation.where() + ": " + violation.what()).contains(text);
        });
    }

    @Test
    void aSeriesThatIsNotMeasuredIsLostAndDiffersFromCalm() {
        // Given
        Draft draft = new Draft();
        draft.remove(event -> event instanceof QcComplete);

        // When
        List<Violation> violations = draft.violations();

        // Then
        assertThat(violations).extracting(Violation::kind).containsExactly(Kind.LOST, Kind.DIFFERS_FROM_CALM);
        assertThat(violations.get(0).what()).contains("was not measured");
    }

    @Test
    void aFailureThatNamesWhyIsNoLoss() {
        // Given
        Draft draft = new Draft();
        draft.remove(event -> event instanceof SeriesExported);
        draft.add(STRUCK.failed("export", "export", Optional.of("3"), "cause", EventFixtures.START));

        // When
        List<Violation> violations = draft.violations();

        // Then
        assertThat(violations).isEmpty();
    }

    private static ReprocessRequested reprocess() {
        return ReprocessRequestedBuilder.builder()
                .session(STRUCK.session())
                .stage(ReprocessRequested.Stage.EXPORT)
                .requestId("one")
                .requestedBy("export")
                .time(EventFixtures.START)
                .build();
    }

    private static PipelineRequested request(String id) {
        return PipelineRequestedBuilder.builder()
                .session(STRUCK.session())
                .study("CHAOS")
                .sessionName(STRUCK.name())
                .pipeline("brain-volume")
                .tool("fslstats")
                .toolVersion("1")
                .descriptorSha256("1")
                .parameters(Map.of())
                .inputs(Map.of())
                .runKey("key")
                .requestedBy(PipelineRequested.BY_RULES)
                .requestId(id)
                .configRevision("1")
                .time(EventFixtures.START)
                .build();
    }

    private static ProcessingFailed outage(String code, Instant time) {
        return ProcessingFailedBuilder.builder()
                .service("ingest")
                .stage("xnat")
                .kind(ProcessingFailed.Kind.TRANSIENT)
                .attempts(1)
                .reason(Reason.of(code, "XNAT"))
                .time(time)
                .build();
    }
}
