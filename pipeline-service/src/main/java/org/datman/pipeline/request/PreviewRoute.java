package org.datman.pipeline.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.study.ConfigurationError;
import org.datman.contracts.study.StudyConfigurations;
import org.jboss.logging.Logger;

/**
 * Answers {@code POST /preview} of the management port with a {@link PipelinePreview}; the body is a study file. Only programs of the same machine
 * are answered, one at a time: who may change the study files of an installation is there, and has no account here.
 */
@ApplicationScoped
class PreviewRoute {

    private static final Logger LOG = Logger.getLogger(PreviewRoute.class);
    private static final long LARGEST = 4_000_000;

    private final PipelinePreviews previews;
    private final Semaphore one = new Semaphore(1);

    PreviewRoute(PipelinePreviews previews) {
        this.previews = previews;
    }

    void register(@Observes ManagementInterface management) {
        management
                .router()
                .post("/preview")
                .handler(BodyHandler.create(false).setBodyLimit(LARGEST))
                .blockingHandler(this::answer, false);
    }

    private void answer(RoutingContext context) {
        if (!isLocal(context)) {
            refuse(context, 403, "Only a program of this machine is answered");
        } else if (!one.tryAcquire()) {
            refuse(context, 429, "Another preview is being computed; try again when it has ended");
        } else {
            try {
                preview(context);
            } catch (RuntimeException | JsonProcessingException e) {
                LOG.errorf(e, "A preview of pipelines cannot be computed");
                refuse(context, 500, "The preview cannot be computed; the log of the pipeline service says why");
            } finally {
                one.release();
            }
        }
    }

    private void preview(RoutingContext context) throws JsonProcessingException {
        StudyConfigurations read =
                StudyConfigurations.ofText("study.yml", context.body().buffer().getBytes());
        if (!read.errors().isEmpty() || read.valid().size() != 1) {
            refuse(
                    context,
                    422,
                    read.errors().stream().map(ConfigurationError::toString).collect(Collectors.joining("\n")));
            return;
        }
        PipelinePreview preview = previews.of(read.valid().values().iterator().next());
        context.response()
                .putHeader("Content-Type", "application/json")
                .end(EventJson.mapper().writeValueAsString(preview));
    }

    private static boolean isLocal(RoutingContext context) {
        try {
            return InetAddress.getByName(context.request().remoteAddress().hostAddress())
                    .isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static void refuse(RoutingContext context, int status, String why) {
        try {
            context.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", "application/json")
                    .end(EventJson.mapper().writeValueAsString(Map.of("problem", why)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Text can always be written as JSON", e);
        }
    }
}
