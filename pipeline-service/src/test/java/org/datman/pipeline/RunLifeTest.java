package org.datman.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.PipelineCancelled;
import org.datman.contracts.event.PipelinePaused;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.PipelineUpdated.State;
import org.datman.contracts.event.QcReviewed;
import org.datman.platform.latest.LatestEvents;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.Test;

/** What people decide about runs, and what ends for a transient cause. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(ToolsFolder.class)
class RunLifeTest extends PipelineTest {

    private static final Path WORK = Path.of("target/scratch");

    @Inject
    LatestEvents latest;

    @Test
    void aRunThatAPersonCancelsEndsAndIsNotStartedAgainByItself() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("LIF", "0001");
        FileRef image = ready(fixtures, "T1", 1);
        PipelineUpdated running = runs.await(fixtures, "waits", State.RUNNING);

        // When
        events.publish(cancelled(running));

        // Then
        PipelineUpdated ended = runs.await(fixtures, "waits", 1, State.FAILED);
        assertThat(ended.reason().orElseThrow().code()).isEqualTo("cancelled-by-person");
        assertThat(ended.reason().orElseThrow().message())
                .isEqualTo("waits was cancelled by jdoe on 2026-11-05 ('Wrong licence')");
        // The same inputs once more, and nobody asked for it.
        events.publish(fixtures.reviewed("T1", "3", QcReviewed.Decision.BLACKLISTED));
        runs.awaitWaiting(fixtures, "waits", "blacklisted");
        events.publish(fixtures.reviewed("T1", "3", QcReviewed.Decision.WITHDRAWN));
        PipelineUpdated still = runs.await(fixtures, "waits", 2, State.FAILED);
        assertThat(still.reason()).isEqualTo(ended.reason());
        // A person asks; the old decision comes a second time.
        events.publish(fixtures.askedAgain("again", Optional.of("waits")));
        runs.await(fixtures, "waits", 3, State.RUNNING);
        events.publish(cancelled(running));
        go(image);
        runs.await(fixtures, "waits", 3, State.SUCCEEDED);
        assertThat(runs.all(fixtures, "waits"))
                .filteredOn(run -> run.state() == State.RUNNING)
                .extracting(PipelineUpdated::attempt)
                .containsExactly(1, 3);
    }

    @Test
    void noRunOfAPausedPipelineStartsUntilItIsResumed() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("LIF", "0002");
        PipelineSession later = PipelineSession.of("LIF", "0003");
        paused("one-at-once");
        ready(fixtures, "PD", 2);
        PipelineUpdated queued = runs.await(fixtures, "one-at-once", State.QUEUED);
        ready(later, "FLAIR", 3);
        runs.await(later, "good", State.SUCCEEDED);
        List<State> before = states(fixtures, "one-at-once");

        // When
        events.publish(decided("one-at-once", PipelinePaused.Decision.RESUMED, 2));

        // Then
        PipelineUpdated done = runs.await(fixtures, "one-at-once", State.SUCCEEDED);
        assertThat(before).endsWith(State.QUEUED).doesNotContain(State.RUNNING);
        assertThat(done.runKey()).isEqualTo(queued.runKey());
    }

    @Test
    void aQueuedRunIsCancelledBeforeItStarts() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("LIF", "0004");
        paused("transient");
        ready(fixtures, "T2", 4);
        PipelineUpdated queued = runs.await(fixtures, "transient", State.QUEUED);

        // When
        events.publish(cancelled(queued));

        // Then
        runs.await(fixtures, "transient", State.FAILED, "cancelled-by-person");
        events.publish(decided("transient", PipelinePaused.Decision.RESUMED, 2));
        assertThat(states(fixtures, "transient")).doesNotContain(State.RUNNING);
    }

    @Test
    void noMoreRunsThanTheRuleAllowsAreUnderWayAtATime() throws IOException {
        // Given
        List<PipelineSession> sessions = List.of(
                PipelineSession.of("LIM", "0001"),
                PipelineSession.of("LIM", "0002"),
                PipelineSession.of("LIM", "0003"));

        // When
        for (PipelineSession session : sessions) {
            ready(session, "T1", 5);
        }

        // Then
        for (PipelineSession session : sessions) {
            runs.await(session, "one-at-once", State.SUCCEEDED);
        }
        List<State> course = sessions.stream()
                .flatMap(session -> runs.all(session, "one-at-once").stream())
                .filter(run -> run.state() == State.RUNNING || run.state() == State.SUCCEEDED)
                .sorted(Comparator.comparing(PipelineUpdated::time))
                .map(PipelineUpdated::state)
                .toList();
        assertThat(course)
                .containsExactly(
                        State.RUNNING, State.SUCCEEDED, State.RUNNING, State.SUCCEEDED, State.RUNNING, State.SUCCEEDED);
    }

    @Test
    void anEndThatTheToolCallsTransientIsStartedAgainAndThenSucceeds() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("TRA", "0001");
        FileRef image = ready(fixtures, "T1", 6);
        PipelineUpdated again = runs.await(fixtures, "transient", 2, State.QUEUED);

        // When
        go(image);

        // Then
        assertThat(again.reason().orElseThrow().code()).isEqualTo("transient-exit-code");
        assertThat(again.reason().orElseThrow().message())
                .contains(
                        "exit code 75 (all licences are in use)",
                        "no licence is free",
                        "; the next start is not before 20");
        assertThat(events.await(
                                PipelineUpdated.class,
                                run -> run.session().equals(fixtures.ref()) && run.state() == State.SUCCEEDED)
                        .event()
                        .attempt())
                .isGreaterThan(1);
    }

    @Test
    void anEndThatStaysTransientIsGivenUpWithItsLog() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("TRA", "0002");

        // When
        ready(fixtures, "T1", 7);

        // Then
        PipelineUpdated failed = runs.await(fixtures, "transient", 3, State.FAILED);
        assertThat(failed.reason().orElseThrow().code()).isEqualTo("given-up");
        assertThat(failed.reason().orElseThrow().message()).contains("started 3 times", "exit code 75");
        assertThat(failed.exitCode()).contains(75);
        assertThat(failed.outputs())
                .filteredOn(file -> file.role() == FileRole.LOG)
                .extracting(FileRef::path)
                .anyMatch(path -> path.endsWith("logs/attempt-3.stderr.txt"));
    }

    private FileRef ready(PipelineSession fixtures, String tag, int value) throws IOException {
        FileRef image = fixtures.stored(tag, "3", new byte[] {1, 2, (byte) value});
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported(tag, "3", image));
        return image;
    }

    /** The tool finds what it waits for. */
    private static void go(FileRef image) throws IOException {
        Files.createDirectories(WORK);
        Files.writeString(WORK.resolve("go-" + Path.of(image.path()).getFileName()), "");
    }

    private List<State> states(PipelineSession fixtures, String pipeline) {
        return runs.all(fixtures, pipeline).stream().map(PipelineUpdated::state).toList();
    }

    private static PipelineCancelled cancelled(PipelineUpdated run) {
        return new PipelineCancelled(
                run.session(),
                run.study(),
                run.pipeline(),
                run.runKey(),
                run.attempt(),
                "Wrong licence",
                "jdoe",
                Instant.parse("2026-11-05T09:00:00Z"));
    }

    /** Once the service under test knows it. */
    private void paused(String pipeline) {
        events.publish(decided(pipeline, PipelinePaused.Decision.PAUSED, 1));
        await().until(() -> QuarkusTransaction.requiringNew()
                .call(() -> latest.find(PipelinePaused.class, "LIF/" + pipeline).isPresent()));
    }

    private static PipelinePaused decided(String pipeline, PipelinePaused.Decision decision, int minute) {
        return new PipelinePaused(
                "LIF",
                pipeline,
                decision,
                "Maintenance",
                "jdoe",
                Instant.parse("2026-11-05T09:00:00Z").plusSeconds(minute));
    }
}
