package org.datman.local.process;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.datman.embedded.FreePort;
import org.junit.jupiter.api.Test;

class BacklogTest {

    @Test
    void aKafkaThatDoesNotAnswerIsReportedInOurWords() {
        // Given
        String nobody = "127.0.0.1:" + FreePort.any();

        // When, then
        assertThatThrownBy(() -> Backlog.of(nobody, Map.of(), List.of("qc"), Duration.ofSeconds(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Kafka at " + nobody)
                .hasMessageContaining("did not answer within 1 s")
                .hasMessageContaining("Nothing is lost")
                .hasMessageContaining("./datman doctor");
    }

    @Test
    void aKafkaThatIsNotUpYetIsReportedInOurWords() {
        // Given
        String noneYet = "";

        // When, then
        assertThatThrownBy(() -> Backlog.of(noneYet, Map.of(), List.of("qc"), Duration.ofSeconds(1)))
                .isInstanceOf(IOException.class)
                .hasMessage("Kafka is not up yet; ask again in a moment");
    }
}
