package org.datman.ingest.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoticeTest {

    private static Notice read(String body) throws Notice.Unreadable {
        return Notice.read(body.getBytes(StandardCharsets.UTF_8));
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
    void everyShapeNamesItsSession(String body) throws Notice.Unreadable {
        // Given the body

        // When
        Notice notice = read(body);

        // Then
        assertThat(notice.accession()).isEqualTo("X_E1");
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
        assertThatThrownBy(() -> read(body)).isInstanceOfSatisfying(Notice.Unreadable.class, e -> assertThat(
                        e.rejection().code())
                .isEqualTo("webhook-malformed"));
    }

    @Test
    void hostileTextIsNotKept() throws Notice.Unreadable {
        // Given
        String body = "{\"dataId\":\"X_E1\",\"externalId\":\"<b>P</b>\",\"event\":\"x'; drop table\"}";

        // When
        Notice notice = read(body);

        // Then
        assertThat(notice.project()).isEmpty();
        assertThat(notice.event()).isEmpty();
    }
}
