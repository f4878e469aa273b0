package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineRequestedBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.PipelineRule.Container;
import org.datman.pipeline.container.Containers;
import org.datman.pipeline.runner.LocalRunner;
import org.datman.pipeline.runner.Runners;
import org.datman.platform.archive.Archive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run waits while the archive is unavailable; its inputs do not count as missing. */
class ArchiveAwayTest {

    @TempDir
    Path mountPoint;

    @Test
    void aRunWaitsUntilTheServiceStopsAndMakesNothingInTheMountPoint() throws Exception {
        // Given
        Attempt attempt = new Attempt(
                null,
                null,
                new Archive(mountPoint, false),
                new Runners(new LocalRunner(List.of())),
                new Containers(Container.NONE, mountPoint, mountPoint, "cosign", Map.of()),
                Clock.systemUTC(),
                mountPoint.resolve("work"),
                Duration.ofHours(1),
                Duration.ofMillis(20));
        PipelineRequested request = PipelineRequestedBuilder.builder()
                .session(new SessionRef("test", "A"))
                .study("SPN01")
                .sessionName("SPN01_CMH_0001_01_01")
                .pipeline("brain-volume")
                .tool("fslstats")
                .toolVersion("1.0")
                .descriptorSha256("0".repeat(64))
                .parameters(Map.of())
                .inputs(Map.of())
                .runKey("1".repeat(64))
                .requestedBy("rules")
                .requestId("r1")
                .configRevision("c1")
                .time(Instant.EPOCH)
                .build();
        Job job = new Job(1, "worker", 1, null, Envelope.first(request, "/datman/pipeline", Instant.EPOCH));
        AtomicInteger asked = new AtomicInteger();

        // When
        Optional<Outcome> outcome = attempt.run(job, handle -> true, () -> asked.incrementAndGet() == 2);

        // Then
        assertThat(outcome).isEmpty();
        assertThat(asked).hasValue(2);
        assertThat(mountPoint).isEmptyDirectory();
    }
}
