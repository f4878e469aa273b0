package org.datman.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.SessionRef;
import org.datman.pipeline.state.PipelineState;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.Test;

/** Sessions that were last decided with other rules or descriptors are decided again. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(ToolsFolder.class)
class ChangedRulesTest extends PipelineTest {

    private static final String OLD = "rules of before";

    private static final int MANY = 100_000;

    @Inject
    EntityManager entities;

    @Inject
    PipelineState state;

    @Test
    void aSessionThatCannotBeDecidedIsReportedAndHoldsUpNoOther() {
        // Given two that were decided with other rules; what is stored of the first cannot be read any more
        PipelineSession unreadable = decided("0101");
        PipelineSession other = decided("0102");

        // When
        QuarkusTransaction.requiringNew().run(() -> {
            update("update latest_event set payload = '{}' where session = ?1", unreadable);
            update("update pipeline_session set decided_with = '" + OLD + "' where session = ?1", unreadable);
            update("update pipeline_session set decided_with = '" + OLD + "' where session = ?1", other);
        });

        // Then
        ProcessingFailed failed = events.await(
                        ProcessingFailed.class,
                        event -> event.session().equals(Optional.of(unreadable.ref()))
                                && event.reason().code().equals("rules-not-applied"))
                .event();
        assertThat(failed.reason().message()).contains("cannot be read any more");
        assertThat(failed.reason().action()).contains("'Re-import'", "'Reprocess'", "'Dismiss'");
        assertThat(failed.attempts()).isEqualTo(3);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(cell("decided_with", other)).isNotEqualTo(OLD);
            assertThat(cell("decided_with", unreadable)).isNotEqualTo(OLD);
        });
    }

    @Test
    void sessionsThatOneTransactionHasLockedArePassedOverByAnother() {
        // Given
        PipelineSession session = decided("0103");

        // Then: a worker may have it for a moment
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            List<List<SessionRef>> locked = QuarkusTransaction.requiringNew().call(() -> {
                List<SessionRef> first = state.lockOutdated(Map.of("SGN", "another revision"), "", MANY);
                return List.of(
                        first,
                        QuarkusTransaction.requiringNew()
                                .call(() -> state.lockOutdated(Map.of("SGN", "another revision"), "", MANY)));
            });
            assertThat(locked.get(0)).contains(session.ref());
            assertThat(locked.get(1)).doesNotContainAnyElementsOf(locked.get(0));
        });
    }

    @Test
    void aChangeOfAnotherStudyIsNoReasonToDecideASessionAgain() {
        // Given
        PipelineSession session = decided("0104");
        String revision = (String) cell("decided_with", session);

        // When
        List<SessionRef> outdated = QuarkusTransaction.requiringNew()
                .call(() -> state.lockOutdated(Map.of("SGN", revision, "TST", "another revision"), "", MANY));

        // Then
        assertThat(outdated).doesNotContain(session.ref());
    }

    private PipelineSession decided(String number) {
        PipelineSession session = PipelineSession.of("SGN", number);
        events.publish(session.discovered());
        runs.awaitWaiting(session, "good", "no-input");
        return session;
    }

    private void update(String sql, PipelineSession session) {
        entities.createNativeQuery(sql)
                .setParameter(1, session.ref().identity())
                .executeUpdate();
    }

    private Object cell(String column, PipelineSession session) {
        return QuarkusTransaction.requiringNew()
                .call(() -> entities.createNativeQuery("select " + column + " from pipeline_session where session = ?1")
                        .setParameter(1, session.ref().identity())
                        .getSingleResult());
    }
}
