package org.datman.ingest.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import org.datman.ingest.sync.SyncWorkers;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Receives XNAT's webhooks: verified, stored, and only then answered with 202. */
@Path(WebhookResource.PATH)
public class WebhookResource {

    private static final Logger LOG = Logger.getLogger(WebhookResource.class);
    static final String PATH = "/webhooks/xnat";
    private static final String TIMESTAMP = "X-Datman-Timestamp";
    private static final String SIGNATURE = "X-Datman-Signature";
    private static final String DELIVERY = "X-Datman-Delivery";

    private final WebhookSettings settings;
    private final Deliveries deliveries;
    private final BodyTimeout bodies;
    private final SyncWorkers workers;
    private final Clock clock;
    private final MeterRegistry metrics;

    WebhookResource(
            WebhookSettings settings,
            Deliveries deliveries,
            BodyTimeout bodies,
            SyncWorkers workers,
            Clock clock,
            MeterRegistry metrics) {
        this.settings = settings;
        this.deliveries = deliveries;
        this.bodies = bodies;
        this.workers = workers;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** The response to an accepted delivery. */
    public record Taken(String result, String session) {}

    /** The response to a rejected delivery. */
    public record Refusal(String code, String message, String action) {}

    /**
     * Checks the headers before any byte of the body is read: an unsigned or too large delivery is rejected immediately,
     * and a slow connection is closed. The body itself is read without blocking a thread.
     */
    @ServerRequestFilter(nonBlocking = true)
    public Uni<Response> gate(ContainerRequestContext context, HttpServerRequest request) {
        if (!request.path().equals(PATH) || !context.getMethod().equals("POST")) {
            return Uni.createFrom().nullItem();
        }
        Optional<Rejection> refusal = WebhookHead.refusal(
                request.getHeader(TIMESTAMP),
                request.getHeader(SIGNATURE),
                request.getHeader("Content-Length"),
                settings.maxBody(),
                clock.instant(),
                settings.window());
        if (refusal.isPresent()) {
            return BodyTimeout.onWorker(() -> bodies.refused(refusal.get()));
        }
        bodies.watch(request);
        return Uni.createFrom().nullItem();
    }

    @POST
    @NonBlocking
    public Uni<Response> deliver(
            @HeaderParam(TIMESTAMP) String timestamp,
            @HeaderParam(SIGNATURE) String signature,
            @HeaderParam(DELIVERY) @Nullable String delivery,
            byte[] body) {
        byte[] content = body == null ? new byte[0] : body;
        return BodyTimeout.onWorker(() -> receive(timestamp, signature, delivery, content));
    }

    private Response receive(String timestamp, String signature, @Nullable String delivery, byte[] body) {
        try {
            Optional<byte[]> secret = secret();
            if (secret.isEmpty()) {
                return bodies.refused(Rejection.NO_SECRET);
            }
            if (body.length > settings.maxBody()) {
                return bodies.refused(Rejection.TOO_LARGE);
            }
            Optional<Rejection> refusal = WebhookSignature.refusal(
                    secret.get(), timestamp, signature, body, clock.instant(), settings.window());
            if (refusal.isPresent()) {
                return bodies.refused(refusal.get());
            }
            WebhookPayload payload = WebhookPayload.read(body);
            if (!payload.mayBeOfASession()) {
                metrics.counter("datman.ingest.deliveries", "result", "ignored").increment();
                return BodyTimeout.json(202, new Taken("ignored", payload.accession()));
            }
            boolean fresh = deliveries.store(payload, signature, delivery, body);
            String result = fresh ? "accepted" : "duplicate";
            metrics.counter("datman.ingest.deliveries", "result", result).increment();
            workers.wake();
            return BodyTimeout.json(202, new Taken(result, payload.accession()));
        } catch (WebhookPayload.Unreadable e) {
            return bodies.refused(e.rejection());
        } catch (RuntimeException e) {
            LOG.errorf(e, "A webhook could not be stored");
            metrics.counter("datman.ingest.deliveries", "result", "not-stored").increment();
            return BodyTimeout.json(
                    503,
                    new WebhookResource.Refusal(
                            "webhook-not-stored",
                            "The delivery is good, but DATMAN could not store it at this time",
                            "Send it again; otherwise the next reconciliation finds the session"));
        }
    }

    private Optional<byte[]> secret() {
        return settings.secret()
                .or(() -> settings.secretFile().map(SecretText::of))
                .map(String::strip)
                .filter(secret -> !secret.isEmpty())
                .map(secret -> secret.getBytes(StandardCharsets.UTF_8));
    }
}
