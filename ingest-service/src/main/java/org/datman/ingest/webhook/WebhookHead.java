package org.datman.ingest.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks the headers of a delivery before its body is read. Pure, and cheap: nothing is computed over the body. */
final class WebhookHead {

    private WebhookHead() {}

    /**
     * Checks what can be checked without the body.
     *
     * @param timestamp epoch seconds, as in the header
     * @param signature as in the header
     * @param contentLength as in the header; {@code null} when the body is chunked; its total size is limited elsewhere
     * @return why it is rejected; empty when the body should be read
     */
    static Optional<Rejection> refusal(
            String timestamp, String signature, String contentLength, int maxBody, Instant now, Duration window) {
        if (!WebhookSignature.isInForm(timestamp, signature)) {
            return Optional.of(Rejection.UNSIGNED);
        }
        if (!mayBeRead(contentLength, maxBody)) {
            return Optional.of(Rejection.TOO_LARGE);
        }
        return WebhookSignature.isInTime(timestamp, now, window) ? Optional.empty() : Optional.of(Rejection.STALE);
    }

    /** Whether a body of that length, as in the header, is small enough; of a chunked one, without the header, it is not known yet. */
    static boolean mayBeRead(@Nullable String contentLength, int maxBody) {
        return contentLength == null || contentLength.matches("\\d{1,9}") && Long.parseLong(contentLength) <= maxBody;
    }
}
