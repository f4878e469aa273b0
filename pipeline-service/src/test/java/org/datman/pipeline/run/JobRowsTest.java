package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.TestTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineRequestedBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.pipeline.ToolsFolder;
import org.datman.pipeline.state.PipelineState;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(ToolsFolder.class)
class JobRowsTest {

    @Inject
    JobRows rows;

    @Inject
    PipelineState state;

    @Test
    @TestTransaction
    void aFolderOfAnotherServicesJobOfTheSameNumberIsNoneOfAnEndedJob() {
        // Given the same tool on the same bytes, for another session
        PipelineRequested mine = requested(new SessionRef("xnat", "E1"));
        PipelineRequested other = requested(new SessionRef("xnat", "E2"));
        JobRow row = new JobRow(Envelope.first(mine, "/datman/pipeline", Instant.EPOCH), "tool", 1, Instant.EPOCH);
        state.lock(mine.session());
        rows.persistAndFlush(row);

        // When
        boolean ended = rows.hasEnded(folder(row.id(), mine));
        boolean otherEnded = rows.hasEnded(folder(row.id(), other));

        // Then
        assertThat(ended).isTrue();
        assertThat(otherEnded).isFalse();
    }

    private static PipelineRequested requested(SessionRef session) {
        return PipelineRequestedBuilder.builder()
                .session(session)
                .study("JBR")
                .sessionName("JBR_CMH_0001_01_01")
                .pipeline("tool")
                .tool("tool")
                .toolVersion("1.0.0")
                .descriptorSha256("d")
                .parameters(Map.of())
                .inputs(Map.of("image", new FileRef(FileRole.NIFTI, "JBR/nii/a.nii", 1, "e".repeat(64))))
                .runKey("f".repeat(64))
                .requestedBy("rules")
                .requestId("rules-1")
                .configRevision("c")
                .time(Instant.EPOCH)
                .build();
    }

    private static Workspace.Named folder(long id, PipelineRequested run) {
        Job job = new Job(id, "worker", 1, null, Envelope.first(run, "/datman/pipeline", Instant.EPOCH));
        String name = Workspace.ofJob(job) + "1-" + UUID.randomUUID();
        return Workspace.job(Path.of(name)).orElseThrow();
    }
}
