package org.datman.ingest.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookSignatureTest {

    private static final byte[] SECRET = "s3cret".getBytes(StandardCharsets.UTF_8);
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

    @ParameterizedTest(name = "{0} s off, signed with {1}, body {2}: {3}")
    @CsvSource({
        "0, s3cret, body, good",
        "300, s3cret, body, good",
        "-300, s3cret, body, good",
        "301, s3cret, body, webhook-stale",
        "-301, s3cret, body, webhook-stale",
        "0, other, body, webhook-forged",
        "0, s3cret, tampered, webhook-forged",
        "999, other, body, webhook-forged"
    })
    void isBelievedWithinTheWindowOnly(long off, String secret, String body, String expected) {
        // Given
        String timestamp = Long.toString(NOW.getEpochSecond() + off);
        String signature = "sha256="
                + HexFormat.of()
                        .formatHex(WebhookSignature.hmac(
                                secret.getBytes(StandardCharsets.UTF_8),
                                timestamp,
                                "body".getBytes(StandardCharsets.UTF_8)));

        // When
        Optional<Rejection> refusal = WebhookSignature.refusal(
                SECRET, timestamp, signature, body.getBytes(StandardCharsets.UTF_8), NOW, Duration.ofMinutes(5));

        // Then
        assertThat(refusal.map(Rejection::code).orElse("good")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "null, sha256=00",
                "1700000000, null",
                "now, sha256=00",
                "1700000000, 00",
                "1700000000, sha256=xyz",
                "-1, sha256=00",
                "99999999999999999999, sha256=00"
            })
    void withoutItsFormItIsUnsigned(String timestamp, String signature) {
        // Given
        byte[] body = {};

        // When
        Optional<Rejection> refusal =
                WebhookSignature.refusal(SECRET, timestamp, signature, body, NOW, Duration.ofMinutes(5));

        // Then
        assertThat(refusal).contains(Rejection.UNSIGNED);
    }
}
