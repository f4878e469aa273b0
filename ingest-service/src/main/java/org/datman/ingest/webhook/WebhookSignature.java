package org.datman.ingest.webhook;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Proof that a delivery was made by someone who knows the secret, recently. Pure. */
final class WebhookSignature {

    private static final String PREFIX = "sha256=";
    private static final Pattern FORM = Pattern.compile(PREFIX + "[0-9a-fA-F]{64}");

    private WebhookSignature() {}

    /**
     * Checks a delivery.
     *
     * @param timestamp epoch seconds, as in the header
     * @param signature {@code sha256=<hex>}, as in the header
     * @return why it is rejected; empty when it is valid
     */
    static Optional<Rejection> refusal(
            byte[] secret, String timestamp, String signature, byte[] body, Instant now, Duration window) {
        if (!isInForm(timestamp, signature)) {
            return Optional.of(Rejection.UNSIGNED);
        }
        byte[] claimed = HexFormat.of().parseHex(signature.substring(PREFIX.length()));
        if (!MessageDigest.isEqual(claimed, hmac(secret, timestamp, body))) {
            return Optional.of(Rejection.FORGED);
        }
        return isInTime(timestamp, now, window) ? Optional.empty() : Optional.of(Rejection.STALE);
    }

    /** Whether both headers are there and could be a signature. */
    static boolean isInForm(String timestamp, String signature) {
        return timestamp != null
                && signature != null
                && timestamp.matches("\\d{1,12}")
                && FORM.matcher(signature).matches();
    }

    /** Whether it was signed recently. */
    static boolean isInTime(String timestamp, Instant now, Duration window) {
        Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now);
        return age.abs().compareTo(window) <= 0;
    }

    static byte[] hmac(byte[] secret, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update((timestamp + ".").getBytes(StandardCharsets.US_ASCII));
            return mac.doFinal(body);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Every Java has HmacSHA256, and the secret is not empty", e);
        }
    }
}
