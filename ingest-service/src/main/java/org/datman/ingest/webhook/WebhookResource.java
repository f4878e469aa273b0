package org.datman.ingest.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.util.Optional;
import org.datman.ingest.hint.Workers;
import org.jboss.logging.Logger;

/** Takes XNAT's word that something happened: proven, stored, and only then answered with 202. */
@Path("/webhooks/xnat")
public class WebhookResource {

    private static final Logger LOG = Logger.getLogger(WebhookResource.class);
    private static final String TIMESTAMP = "X-Datman-Timestamp";
    private static final String SIGNATURE = "X-Datman-Signature";
    private static final String DELIVERY = "X-Datman-Delivery";

    private final WebhookSettings settings;
    private final Deliveries deliveries;
    private final Rejections rejections;
    private final Workers workers;
    private final Clock clock;
    private final MeterRegistry metrics;

    WebhookResource(
            WebhookSettings settings,
            Deliveries deliveries,
            Rejections rejections,
            Workers workers,
            Clock clock,
            MeterRegistry metrics) {
        this.settings = settings;
        this.deliveries = deliveries;
        this.rejections = rejections;
        this.workers = workers;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** What the sender is told when it was taken. */
    public record Taken(String result, String session) {}

    /** What the sender is told when it was not. */
    public record Refused(String code, String message, String action) {}

    @POST
    @Blocking
    public Response deliver(
            @HeaderParam(TIMESTAMP) String timestamp,
            @HeaderParam(SIGNATURE) String signature,
            @HeaderParam(DELIVERY) String delivery,
            InputStream in) {
        try {
            Optional<byte[]> secret = secret();
            if (secret.isEmpty()) {
                return refused(Rejection.NO_SECRET);
            }
            byte[] body = in.readNBytes(settings.maxBody() + 1);
            if (body.length > settings.maxBody()) {
                return refused(Rejection.TOO_LARGE);
            }
            Optional<Rejection> refusal =
                    Signature.refusal(secret.get(), timestamp, signature, body, clock.instant(), settings.window());
            if (refusal.isPresent()) {
                return refused(refusal.get());
            }
            Notice notice = Notice.read(body);
            boolean fresh = deliveries.store(notice, signature, Optional.ofNullable(delivery), body);
            String result = fresh ? "accepted" : "duplicate";
            metrics.counter("datman.ingest.deliveries", "result", result).increment();
            workers.wake();
            return json(202, new Taken(result, notice.accession()));
        } catch (Notice.Unreadable e) {
            return refused(e.rejection());
        } catch (IOException e) {
            return refused(Rejection.malformed("The body broke off"));
        } catch (RuntimeException e) {
            LOG.errorf(e, "A webhook could not be stored");
            metrics.counter("datman.ingest.deliveries", "result", "not-stored").increment();
            return json(
                    503,
                    new Refused(
                            "webhook-not-stored",
                            "The delivery is good, but DATMAN could not store it just now",
                            "Send it again; if nobody does, the next reconciliation finds the session"));
        }
    }

    private Response refused(Rejection rejection) {
        rejections.note(rejection);
        return json(rejection.status(), new Refused(rejection.code(), rejection.message(), rejection.action()));
    }

    private static Response json(int status, Object body) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(body)
                .build();
    }

    private Optional<byte[]> secret() {
        return settings.secret()
                .or(() -> settings.secretFile().map(file -> {
                    try {
                        return Files.readString(file, StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        LOG.errorf("The webhook secret file cannot be read: %s", e.getMessage());
                        return "";
                    }
                }))
                .map(String::strip)
                .filter(secret -> !secret.isEmpty())
                .map(secret -> secret.getBytes(StandardCharsets.UTF_8));
    }
}
