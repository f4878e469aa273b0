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
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.PipelineUpdated.State;
import org.datman.contracts.event.Reason;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(ToolsFolder.class)
class ToolFaultsTest {

    private EventsOnKafka events;
    private Said said;

    @BeforeEach
    void connect() {
        events = EventsOnKafka.ofTests();
        said = new Said(events);
    }

    @AfterEach
    void disconnect() {
        events.close();
    }

    @Test
    void everyFaultHasItsReasonAndTheGoodToolRuns() throws IOException {
        // Given
        Story story = Story.of("BAD", "0001");
        FileRef image = story.stored("T1", "3", new byte[] {1, 2, 3});
        events.say(story.discovered());

        // When
        events.say(story.exported("T1", "3", image));

        // Then
        assertThat(said.await(story, "good", State.SUCCEEDED).outputs().get(0).sha256())
                .isEqualTo(image.sha256());
        Reason fails = failure(story, "fails");
        assertThat(fails.code()).isEqualTo("exit-code");
        assertThat(fails.message())
                .isEqualTo("fails 0.1 ended with exit code 7 (licence missing);"
                        + " its last lines: reading image.nii / no licence file");
        assertThat(fails.action()).contains("logs/attempt-1.stderr.txt");
        assertThat(failure(story, "silent").message()).contains("the copy (out/copy.bin)");
        assertThat(failure(story, "hangs").code()).isEqualTo("walltime");
        assertThat(failure(story, "absent").message()).contains("'no-such-program-anywhere'");
        assertThat(said.awaitWaiting(story, "faulty", "descriptor-faulty")
                        .reason()
                        .orElseThrow()
                        .message())
                .contains("faulty.json: inputs[0].type is \"Image\"; allowed: String, File, Flag, Number")
                .contains("faulty.json: inputs[0].optinal is not a key")
                .contains("faulty.json: output-files[0].path-template leaves the folder");
        assertThat(said.awaitWaiting(story, "nowhere", "descriptor-faulty")
                        .reason()
                        .orElseThrow()
                        .message())
                .contains("nowhere.json: does not exist");
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            try (Stream<Path> scratch = Files.list(Path.of("target/scratch"))) {
                assertThat(scratch.filter(path -> path.getFileName().toString().startsWith(runKey(story, "hangs"))))
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
        Story story = Story.of("REP", "0001");
        FileRef image = story.stored("T1", "3", new byte[] {4, 5, 6});
        Path descriptor = ToolsFolder.FOLDER.resolve("repaired.json");
        String good = Files.readString(descriptor);
        Files.writeString(descriptor, good.replace("\"File\"", "\"Fill\""));
        events.say(story.discovered());
        events.say(story.exported("T1", "3", image));
        said.awaitWaiting(story, "repaired", "descriptor-faulty");

        // When
        Files.writeString(descriptor, good);

        // Then
        PipelineUpdated done = said.await(story, "repaired", State.SUCCEEDED);
        assertThat(done.outputs().get(0).sha256()).isEqualTo(image.sha256());
    }

    private Reason failure(Story story, String pipeline) {
        return said.await(story, pipeline, State.FAILED).reason().orElseThrow();
    }

    private String runKey(Story story, String pipeline) {
        return said.await(story, pipeline, State.FAILED).runKey().substring(0, 12);
    }
}
