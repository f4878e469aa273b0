package org.datman.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.PipelineUpdated.State;
import org.datman.contracts.event.Reason;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(ToolsFolder.class)
class ToolFaultsTest extends PipelineTest {

    @Test
    void everyFaultHasItsReasonAndTheGoodToolRuns() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("BAD", "0001");
        FileRef image = fixtures.stored("T1", "3", new byte[] {1, 2, 3});
        events.publish(fixtures.discovered());

        // When
        events.publish(fixtures.exported("T1", "3", image));

        // Then
        assertThat(runs.await(fixtures, "good", State.SUCCEEDED)
                        .outputs()
                        .get(0)
                        .sha256())
                .isEqualTo(image.sha256());
        Reason fails = failure(fixtures, "fails");
        assertThat(fails.code()).isEqualTo("exit-code");
        assertThat(fails.message())
                .isEqualTo("fails 0.1 ended with exit code 7 (licence missing);"
                        + " its last lines: reading image.nii / no licence file");
        assertThat(fails.action()).contains("logs/attempt-1.stderr.txt");
        assertThat(failure(fixtures, "silent").message()).contains("the copy (out/copy.bin)");
        Reason numbers = failure(fixtures, "no-numbers");
        assertThat(numbers.code()).isEqualTo("measures-unreadable");
        assertThat(numbers.message()).contains("has the columns [something] instead of");
        assertThat(failure(fixtures, "hangs").code()).isEqualTo("walltime");
        assertThat(failure(fixtures, "absent").message()).contains("'no-such-program-anywhere'");
        assertThat(runs.awaitWaiting(fixtures, "faulty", "descriptor-faulty")
                        .reason()
                        .orElseThrow()
                        .message())
                .contains("inputs[0].type is \"Image\"; allowed: String, File, Flag, Number")
                .contains("inputs[0].optinal is not a known key (did you mean optional?)")
                .contains("output-files[0].path-template leaves the folder");
        assertThat(runs.awaitWaiting(fixtures, "nowhere", "descriptor-faulty")
                        .reason()
                        .orElseThrow()
                        .message())
                .contains("nowhere.json: does not exist");
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            try (Stream<Path> scratch = Files.list(Path.of("target/scratch"))) {
                assertThat(scratch.filter(path -> path.getFileName().toString().startsWith(folder(fixtures, "hangs"))))
                        .isEmpty();
            }
        });
        assertThat(ProcessHandle.current()
                        .descendants()
                        .map(p -> p.info().commandLine().orElse("")))
                .noneMatch(command -> command.contains("sleep 300"));
    }

    @Test
    void aRepairedDescriptorIsTakenUpByItself() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("REP", "0001");
        FileRef image = fixtures.stored("T1", "3", new byte[] {4, 5, 6});
        Path descriptor = ToolsFolder.FOLDER.resolve("repaired.json");
        String good = Files.readString(descriptor);
        Files.writeString(descriptor, good.replace("\"File\"", "\"Fill\""));
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("T1", "3", image));
        runs.awaitWaiting(fixtures, "repaired", "descriptor-faulty");

        // When
        Files.writeString(descriptor, good);

        // Then
        PipelineUpdated done = runs.await(fixtures, "repaired", State.SUCCEEDED);
        assertThat(done.outputs().get(0).sha256()).isEqualTo(image.sha256());
    }

    @Test
    void aToolInAContainerIsAskedForWithTheDigestOfItsImage() throws IOException {
        // Given a descriptor with a name alone
        PipelineSession fixtures = PipelineSession.of("CTN", "0001");
        FileRef image = fixtures.stored("T1", "3", new byte[] {7, 8, 9});
        Path descriptor = ToolsFolder.FOLDER.resolve("by-digest.json");
        String byName = Files.readString(descriptor);
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("T1", "3", image));
        Reason faulty = runs.awaitWaiting(fixtures, "by-digest", "descriptor-faulty")
                .reason()
                .orElseThrow();

        // When
        String digest = "sha256:" + "1".repeat(64);
        Files.writeString(descriptor, byName.replace("lab/contained", "lab/contained@" + digest));

        // Then
        assertThat(faulty.message())
                .contains("container-image.image has no digest: 'lab/contained'; allowed: NAME@sha256:DIGEST");
        PipelineRequested asked = events.await(
                        PipelineRequested.class, event -> event.session().equals(fixtures.ref()))
                .event();
        assertThat(asked.image()).contains("docker.io/lab/contained@" + digest);
        Reason missing = failure(fixtures, "by-digest");
        assertThat(missing.code()).isEqualTo("image-missing");
        assertThat(missing.action()).contains("docker://docker.io/lab/contained@" + digest);
    }

    private Reason failure(PipelineSession fixtures, String pipeline) {
        return runs.await(fixtures, pipeline, State.FAILED).reason().orElseThrow();
    }

    /** How the names of the folders of a run begin. */
    private String folder(PipelineSession fixtures, String pipeline) {
        PipelineRequested run = events.await(
                        PipelineRequested.class,
                        event -> event.session().equals(fixtures.ref())
                                && event.pipeline().equals(pipeline))
                .event();
        return DigestUtils.sha256Hex(
                        String.join("\n", run.session().identity(), pipeline, run.runKey(), run.requestId()))
                .substring(0, 12);
    }
}
