package org.datman.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.Optional;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.Test;

/** Sessions that were last decided with other rules or descriptors are decided again. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(ToolsFolder.class)
class ChangedRulesTest extends PipelineTest {

    private static final String OLD = "rules of before";

    @Inject
    EntityManager entities;

    @Test
    void aSessionThatCannotBeDecidedIsReportedAndHoldsUpNoOther() {
        // Given two that were decided with other rules; what is stored of the first cannot be read any more
        PipelineSession unreadable = PipelineSession.of("SGN", "0101");
        PipelineSession other = PipelineSession.of("SGN", "0102");
        events.publish(unreadable.discovered());
        events.publish(other.discovered());
        runs.awaitWaiting(unreadable, "good", "no-input");
        runs.awaitWaiting(other, "good", "no-input");

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
