package org.datman.platform.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.datman.embedded.FreePort;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;

class KafkaHealthTest {

    @Test
    void whereNoKafkaAnswersThatIsReported() throws Exception {
        // Given
        KafkaHealth health = new KafkaHealth(Map.of("bootstrap.servers", "127.0.0.1:" + FreePort.any()));

        // When
        HealthCheckResponse answer = health.call();

        // Then
        health.onStop(null);
        assertThat(answer.getName()).isEqualTo("Kafka");
        assertThat(answer.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(answer.getData().orElseThrow()).containsKey("trouble");
    }
}
