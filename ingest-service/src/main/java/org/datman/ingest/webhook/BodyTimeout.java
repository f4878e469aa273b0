package org.datman.ingest.webhook;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Closes connections whose body comes too slowly, and makes the responses to deliveries. */
@ApplicationScoped
class BodyTimeout {

    private static final Logger LOG = Logger.getLogger(BodyTimeout.class);

    private final WebhookSettings settings;
    private final Rejections rejections;
    private final Vertx vertx;

    BodyTimeout(WebhookSettings settings, Rejections rejections, Vertx vertx) {
        this.settings = settings;
        this.rejections = rejections;
        this.vertx = vertx;
    }

    /** The body of the request has to come in time from now on. */
    void watch(HttpServerRequest request) {
        long timer = vertx.setTimer(settings.bodyTimeout().toMillis(), passed -> cutOff(request));
        request.endHandler(end -> vertx.cancelTimer(timer));
    }

    private void cutOff(HttpServerRequest request) {
        if (!request.isEnded() && !request.response().ended()) {
            onWorker(() -> refused(Rejection.SLOW))
                    .subscribe()
                    .with(done -> {}, e -> LOG.errorf(e, "A slow webhook could not be reported"));
            request.connection().close();
        }
    }

    Response refused(Rejection rejection) {
        rejections.note(rejection);
        return json(
                rejection.status(),
                new WebhookResource.Refusal(rejection.code(), rejection.message(), rejection.action()));
    }

    static Uni<Response> onWorker(Supplier<Response> work) {
        return Uni.createFrom().item(work).runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    static Response json(int status, Object body) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(body)
                .build();
    }
}
