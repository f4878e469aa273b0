package org.datman.local.doctor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Posts a signed webhook about nothing to the address that XNAT posts to. */
final class WebhookCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String WHAT = "webhooks";

    /** A subject is no imaging session: the delivery is answered and changes nothing. */
    private static final String BODY =
            "{\"dataType\":\"xnat:subjectData\",\"dataId\":\"datman-doctor\",\"externalId\":\"datman-doctor\"}";

    private WebhookCheck() {}

    /** @param secret that XNAT signs with */
    static Diagnosis look(String address, String secret, Clock clock) throws InterruptedException {
        String timestamp = Long.toString(clock.instant().getEpochSecond());
        try {
            HttpResponse<String> response = HttpClient.newBuilder()
                    .connectTimeout(PATIENCE)
                    .build()
                    .send(
                            HttpRequest.newBuilder(URI.create(address))
                                    .timeout(PATIENCE)
                                    .header("Content-Type", "application/json")
                                    .header("X-Datman-Timestamp", timestamp)
                                    .header("X-Datman-Signature", "sha256=" + signature(secret, timestamp + "." + BODY))
                                    .POST(HttpRequest.BodyPublishers.ofString(BODY))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 202
                    ? Diagnosis.ok(WHAT, address + " takes a signed delivery, from this machine")
                    : Diagnosis.error(
                            WHAT,
                            address + " answers " + response.statusCode() + ": " + response.body(),
                            "docs/xnat-webhook.md lists the answers");
        } catch (IOException e) {
            return Diagnosis.error(
                    WHAT,
                    address + " cannot be reached from this machine (" + e + ")",
                    "Check the name of this machine in DNS, --webhook-bind, and the firewall");
        }
    }

    private static String signature(String secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has HmacSHA256", e);
        }
    }
}
