package org.datman.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.PipelineUpdated.State;
import org.datman.contracts.event.Reason;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(ToolsFolder.class)
class LostWorkerTest extends PipelineTest {

    @Inject
    DataSource database;

    @Test
    void aRunWhoseWorkerIsGoneBeginsAgainAndEndsTheSame() throws Exception {
        // Given
        PipelineSession fixtures = PipelineSession.of("SLW", "0001");
        FileRef image = running(fixtures);

        // When
        takenFromItsWorker(fixtures, 1);

        // Then
        PipelineUpdated again = runs.await(fixtures, "slow", 2, State.RUNNING);
        assertThat(again.reason()).get().extracting(Reason::code).isEqualTo("taken-up-again");
        PipelineUpdated done = runs.await(fixtures, "slow", 2, State.SUCCEEDED);
        assertThat(done.outputs().get(0).sha256()).isEqualTo(image.sha256());
        assertThat(runs.all(fixtures, "slow"))
                .extracting(PipelineUpdated::state)
                .endsWith(State.QUEUED, State.RUNNING, State.RUNNING, State.SUCCEEDED);
    }

    @Test
    void aRunThatKillsItsWorkersIsGivenUpWithTheReason() throws Exception {
        // Given
        PipelineSession fixtures = PipelineSession.of("SLW", "0002");
        running(fixtures);

        // When
        takenFromItsWorker(fixtures, 3);

        // Then
        PipelineUpdated failed = runs.await(fixtures, "slow", 1, State.FAILED);
        assertThat(failed.reason().orElseThrow().message())
                .contains("started 3 times")
                .contains("the worker died");
    }

    private FileRef running(PipelineSession fixtures) throws IOException {
        FileRef image = fixtures.stored("T1", "3", new byte[] {7, 8, 9});
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("T1", "3", image));
        runs.await(fixtures, "slow", State.RUNNING);
        return image;
    }

    /** Simulates a job of a worker on another machine, started this many times, with an expired lease. */
    private void takenFromItsWorker(PipelineSession fixtures, int tries) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "update job set lease_owner = 'elsewhere/1/then', tries = ?,"
                                + " handle = null, lease_until = now() - interval '1 s' where session = ? and state = 'RUNNING'")) {
            update.setInt(1, tries);
            update.setString(2, fixtures.ref().identity());
            assertThat(List.of(update.executeUpdate())).containsExactly(1);
        }
    }
}
