package org.datman.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.PipelineCancelled;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.PipelineUpdated.State;
import org.datman.contracts.event.Reason;
import org.datman.pipeline.runner.Runners;
import org.datman.pipeline.runner.SlurmCluster;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A run whose job goes on in Slurm while another worker takes over. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(ToolsFolder.class)
class LostWorkerOfClusterTest extends PipelineTest {

    @Inject
    DataSource database;

    private SlurmCluster slurm;

    @BeforeEach
    void aCluster() throws IOException {
        assumeThat(SlurmCluster.isInstalled())
                .as("Slurm (Debian: slurmctld slurmd slurm-client munge) is not installed, or this is not root")
                .isTrue();
        slurm = new SlurmCluster();
        Files.copy(slurm.configuration(), Path.of("target/slurm.conf"), StandardCopyOption.REPLACE_EXISTING);
    }

    @AfterEach
    void stop() throws IOException {
        if (slurm != null) {
            slurm.close();
        }
    }

    @Test
    void aJobWhoseWorkerIsGoneEndsAsTheSameAttemptAndIsNotSubmittedAgain() throws Exception {
        // Given
        PipelineSession fixtures = PipelineSession.of("SLW", "0003");
        FileRef image = running(fixtures);

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

    @Test
    void aJobThatTheClusterLostIsStartedAgain() throws Exception {
        // Given
        PipelineSession fixtures = PipelineSession.of("SLW", "0004");
        FileRef image = running(fixtures);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> handle(fixtures) != null);

        // When another worker takes over, and the folder is not there
        Path folder = Path.of("target/scratch", Runners.folder(handle(fixtures)));
        Files.move(folder, folder.resolveSibling("away-" + folder.getFileName()));
        isTakenFromItsWorker(fixtures);

        // Then
        PipelineUpdated again = runs.await(fixtures, "on-cluster", 2, State.QUEUED);
        assertThat(again.reason()).get().extracting(Reason::code).isEqualTo("job-lost");
        PipelineUpdated done = runs.await(fixtures, "on-cluster", 2, State.SUCCEEDED);
        assertThat(done.outputs().get(0).sha256()).isEqualTo(image.sha256());
    }

    @Test
    void aJobThatAPersonCancelsIsCancelledOnTheCluster() throws Exception {
        // Given
        PipelineSession fixtures = PipelineSession.of("LIF", "0009");
        FileRef image = fixtures.stored("DWI", "3", new byte[] {7, 8, 9});
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("DWI", "3", image));
        PipelineUpdated run = runs.await(fixtures, "waits-on-cluster", State.RUNNING);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> slurm.jobs()
                .contains("datman-"));

        // When
        events.publish(new PipelineCancelled(
                run.session(), run.study(), run.pipeline(), run.runKey(), 1, "Wrong licence", "jdoe", Instant.EPOCH));

        // Then
        runs.await(fixtures, "waits-on-cluster", State.FAILED, "cancelled-by-person");
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !slurm.jobs()
                .contains("datman-"));
        assertThat(handle(fixtures)).isNull();
    }

    private FileRef running(PipelineSession fixtures) throws IOException {
        FileRef image = fixtures.stored("PD", "3", new byte[] {7, 8, 9});
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("PD", "3", image));
        runs.await(fixtures, "on-cluster", State.RUNNING);
        return image;
    }

    private @Nullable String handle(PipelineSession fixtures) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(
                        "select handle from job where session = ? and handle is not null")) {
            query.setString(1, fixtures.ref().identity());
            ResultSet rows = query.executeQuery();
            return rows.next() ? rows.getString(1) : null;
        }
    }

    /** As of a worker on another machine whose lease has expired; once the job is in Slurm's hands. */
    private boolean isTakenFromItsWorker(PipelineSession fixtures) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "update job set lease_owner = 'elsewhere/1/then', lease_until = now() - interval '1 s'"
                                + " where session = ? and state = 'RUNNING' and handle like 'slurm:%'")) {
            update.setString(1, fixtures.ref().identity());
            return update.executeUpdate() == 1;
        }
    }
}
