package org.datman.ingest.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookPayloadTest {

    private static WebhookPayload read(String body) throws WebhookPayload.Unreadable {
        return WebhookPayload.read(body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"dataId\":\"X_E1\",\"externalId\":\"P\",\"event\":\"Transferred\",\"workflowId\":\"3\",\"more\":[1]}",
                "{\"dataId\":\"X_E1\",\"externalId\":\"P\",\"event\":\"SessionEvent\",\"status\":\"CREATED\"}",
                "{\"type\":\"Session\",\"id\":\"X_E1\",\"project-id\":\"P\"}",
                "{\"type\":\"Session\",\"id\":\"X_E1\"}",
                "{\"type\":\"Scan\",\"id\":\"3\",\"session-id\":\"X_E1\"}",
                "{\"type\":\"Resource\",\"id\":\"DICOM\",\"uri\":\"/archive/experiments/X_E1/scans/3/resources/9\"}"
            })
    void everyShapeNamesItsSession(String body) throws WebhookPayload.Unreadable {
        // Given the body

        // When
        WebhookPayload payload = read(body);

        // Then
        assertThat(payload.accession()).isEqualTo("X_E1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"x\"",
                "{\"dataId\":",
                "{}",
                "{\"dataId\":\"\"}",
                "{\"dataId\":\"../../etc\"}",
                "{\"dataId\":{\"a\":1}}",
                "{\"type\":\"Session\",\"id\":\"<script>\"}",
                "{\"type\":\"Scan\",\"id\":\"3\"}"
            })
    void whatNamesNoSessionIsMalformed(String body) {
        // Given the body

        // When / Then
        assertThatThrownBy(() -> read(body)).isInstanceOfSatisfying(WebhookPayload.Unreadable.class, e -> assertThat(
                        e.rejection().code())
                .isEqualTo("webhook-malformed"));
    }

    @Test
    void hostileTextIsNotKept() throws WebhookPayload.Unreadable {
        // Given
        String body = "{\"dataId\":\"X_E1\",\"externalId\":\"<b>P</b>\",\"event\":\"x'; drop table\"}";

        // When
        WebhookPayload payload = read(body);

        // Then
        assertThat(payload.project()).isEmpty();
        assertThat(payload.event()).isEmpty();
    }
}
