package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineRequestedBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.pipeline.ToolsFolder;
import org.datman.pipeline.state.PipelineState;
import org.datman.platform.lease.Claim;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.Test;

/** Which queued runs are claimed; no worker of the service under test claims any. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(ToolsFolder.class)
@TestProfile(ClaimsTest.WithoutWorkers.class)
class ClaimsTest {

    private static final int CLAIMING = 6;

    @Inject
    Jobs jobs;

    @Inject
    PipelineState state;

    @Test
    void manyWorkersTogetherClaimNoMoreThanALimitAndTheUrgentFirst() throws Exception {
        // Given
        for (int i = 0; i < CLAIMING; i++) {
            requested("waits-on-cluster", i);
        }
        requested("good", CLAIMING);
        ExecutorService workers = Executors.newFixedThreadPool(CLAIMING);

        // When
        List<String> urgent = names(List.of(jobs.claim()));
        List<Optional<Claim<Job>>> claimed = new ArrayList<>();
        Callable<Optional<Claim<Job>>> claim = jobs::claim;
        for (Future<Optional<Claim<Job>>> one : workers.invokeAll(Collections.nCopies(CLAIMING, claim))) {
            claimed.add(one.get());
        }
        workers.shutdown();

        // Then
        assertThat(urgent).containsExactly("good");
        assertThat(names(claimed)).containsExactly("waits-on-cluster", "waits-on-cluster");
    }

    private static List<String> names(List<Optional<Claim<Job>>> claims) {
        return claims.stream()
                .flatMap(Optional::stream)
                .map(claim -> claim.work().event().pipeline())
                .toList();
    }

    private void requested(String pipeline, int number) {
        PipelineRequested event = PipelineRequestedBuilder.builder()
                .session(new SessionRef("claims", "E" + number))
                .study("LIF")
                .sessionName("LIF_CMH_010" + number + "_01_01")
                .pipeline(pipeline)
                .tool("waits")
                .toolVersion("0.1")
                .descriptorSha256("d".repeat(64))
                .parameters(Map.of())
                .inputs(Map.of("image", new FileRef(FileRole.NIFTI, "LIF/nii/a.nii", 1, "e".repeat(64))))
                .runKey("f".repeat(64))
                .requestedBy("rules")
                .requestId("rules-1")
                .configRevision("c")
                .time(Instant.EPOCH)
                .build();
        QuarkusTransaction.requiringNew().run(() -> {
            state.lock(event.session());
            jobs.accept(Envelope.first(event, "/datman/pipeline", Instant.EPOCH), null);
        });
    }

    /** Tests claim themselves. */
    public static final class WithoutWorkers implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("datman.pipelines.workers", "0");
        }
    }
}
