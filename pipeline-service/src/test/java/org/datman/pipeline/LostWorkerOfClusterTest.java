package org.datman.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.PipelineUpdated.State;
import org.datman.pipeline.runner.SlurmCluster;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.Test;

/** A run whose job goes on in Slurm while another worker takes over. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(ToolsFolder.class)
class LostWorkerOfClusterTest extends PipelineTest {

    @Inject
    DataSource database;

    @Test
    void aJobWhoseWorkerIsGoneEndsAsTheSameAttemptAndIsNotSubmittedAgain() throws Exception {
        // Given
        assumeThat(SlurmCluster.isInstalled())
                .as("Slurm (Debian: slurmctld slurmd slurm-client munge) is not installed, or this is not root")
                .isTrue();
        try (SlurmCluster slurm = new SlurmCluster()) {
            Files.copy(slurm.configuration(), Path.of("target/slurm.conf"), StandardCopyOption.REPLACE_EXISTING);
            PipelineSession fixtures = PipelineSession.of("SLW", "0003");
            FileRef image = fixtures.stored("PD", "3", new byte[] {7, 8, 9});
            events.publish(fixtures.discovered());
            events.publish(fixtures.exported("PD", "3", image));
            runs.await(fixtures, "on-cluster", State.RUNNING);

            // When
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> isTakenFromItsWorker(fixtures));

            // Then
            PipelineUpdated done = runs.await(fixtures, "on-cluster", 1, State.SUCCEEDED);
            assertThat(done.outputs().get(0).sha256()).isEqualTo(image.sha256());
            assertThat(runs.all(fixtures, "on-cluster"))
                    .extracting(PipelineUpdated::state)
                    .filteredOn(state -> state != State.WAITING)
                    .containsExactly(State.QUEUED, State.RUNNING, State.SUCCEEDED);
        }
    }

    /** As of a worker on another machine whose lease has expired; once the job is in Slurm's hands. */
    private boolean isTakenFromItsWorker(PipelineSession fixtures) throws Exception {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "update job set lease_owner = 'elsewhere/1/then', lease_until = now() - interval '1 s'"
                                + " where session = ? and state = 'RUNNING' and handle like 'slurm:%'")) {
            update.setString(1, fixtures.ref().identity());
            return List.of(1).contains(update.executeUpdate());
        }
    }
}
