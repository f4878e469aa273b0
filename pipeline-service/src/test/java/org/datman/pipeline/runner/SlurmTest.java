package org.datman.pipeline.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.util.Map;
import org.datman.pipeline.runner.JobRunner.Cause;
import org.datman.pipeline.runner.JobRunner.Ended;
import org.datman.pipeline.runner.JobRunner.RefusedException;
import org.datman.pipeline.runner.JobRunner.Running;
import org.junit.jupiter.api.Test;

/** Jobs on the real Slurm of Debian, with one node and no accounting. */
class SlurmTest extends BatchSystemScenarios {

    @Override
    BatchCluster started() throws IOException {
        assumeThat(SlurmCluster.isInstalled())
                .as("Slurm (Debian: slurmctld slurmd slurm-client munge) is not installed, or this is not root")
                .isTrue();
        return new SlurmCluster();
    }

    @Test
    void aJobThatTheClusterRefusesIsRefusedWithItsWords() {
        // Given
        ClusterRunner runner = runner("--partition=nowhere");

        // When, then
        assertThatThrownBy(() -> runner.start(command(Map.of(), "true")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("nvalid partition");
    }

    @Test
    void aJobThatIsTooLongForItsPartitionIsRefusedInsteadOfWaitingForEver() throws Exception {
        // Given
        ClusterRunner runner = runner("--partition=short", "--time=5");

        // When
        Running running = runner.start(command(Map.of(), "true"));

        // Then
        Ended end = end(running);
        assertThat(end.cause()).isEqualTo(Cause.REFUSED);
        assertThat(end.detail()).contains("PartitionTimeLimit");
    }
}
