package org.datman.ingest.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.ingest.redcap.RedcapForms;
import org.datman.ingest.redcap.RedcapSettings;
import org.datman.platform.study.Studies;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Receives REDCap's data entry triggers: verified, stored, and only then answered with 202. */
@Path(RedcapTriggerResource.PATH)
public class RedcapTriggerResource {

    private static final Logger LOG = Logger.getLogger(RedcapTriggerResource.class);
    static final String PATH = "/webhooks/redcap";

    private final RedcapSettings settings;
    private final WebhookSettings limits;
    private final BodyTimeout bodies;
    private final RedcapForms forms;
    private final Studies studies;
    private final MeterRegistry metrics;
    private final Clock clock;

    RedcapTriggerResource(
            RedcapSettings settings,
            WebhookSettings limits,
            BodyTimeout bodies,
            RedcapForms forms,
            Studies studies,
            MeterRegistry metrics,
            Clock clock) {
        this.settings = settings;
        this.limits = limits;
        this.bodies = bodies;
        this.forms = forms;
        this.studies = studies;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** The response to an accepted trigger. */
    public record Result(String result) {}

    /** Checks the headers before any byte of the body is read, as for XNAT's webhooks. */
    @ServerRequestFilter(nonBlocking = true)
    public Uni<Response> gateOfTriggers(ContainerRequestContext context, HttpServerRequest request) {
        if (!request.path().equals(PATH) || !context.getMethod().equals("POST")) {
            return Uni.createFrom().nullItem();
        }
        if (!RedcapTrigger.hasPassword(request.getHeader(HttpHeaders.AUTHORIZATION))) {
            return BodyTimeout.onWorker(() -> bodies.refused(Rejection.REDCAP_UNAUTHORIZED));
        }
        if (!WebhookHead.mayBeRead(request.getHeader(HttpHeaders.CONTENT_LENGTH), limits.maxBody())) {
            return BodyTimeout.onWorker(() -> bodies.refused(Rejection.TOO_LARGE));
        }
        bodies.watch(request);
        return Uni.createFrom().nullItem();
    }

    @POST
    @NonBlocking
    public Uni<Response> deliver(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body) {
        byte[] content = body == null ? new byte[0] : body;
        return BodyTimeout.onWorker(() -> receive(authorization, content));
    }

    private Response receive(String authorization, byte[] body) {
        Optional<String> secret = settings.secret()
                .or(() -> settings.secretFile().map(SecretText::of))
                .map(String::strip)
                .filter(text -> !text.isEmpty());
        if (secret.isEmpty()) {
            return bodies.refused(Rejection.REDCAP_NO_SECRET);
        }
        if (!RedcapTrigger.isAuthorized(authorization, secret.get())) {
            return bodies.refused(Rejection.REDCAP_UNAUTHORIZED);
        }
        if (body.length > limits.maxBody()) {
            return bodies.refused(Rejection.TOO_LARGE);
        }
        Optional<RedcapTrigger> trigger = RedcapTrigger.read(body);
        if (trigger.isEmpty()) {
            return bodies.refused(Rejection.REDCAP_MALFORMED);
        }
        try {
            return stored(trigger.get());
        } catch (RuntimeException e) {
            LOG.errorf(e, "A data entry trigger could not be stored");
            return BodyTimeout.json(503, new Result("not stored; the record is read with what changed"));
        }
    }

    private Response stored(RedcapTrigger trigger) {
        List<StudyConfiguration> ofProject = studies.current().valid().values().stream()
                .filter(study -> study.findRedcap()
                                .filter(rule -> rule.project().equals(trigger.project()))
                                .isPresent()
                        || study.findRedcapPlan()
                                .filter(plan -> plan.project().equals(trigger.project()))
                                .isPresent())
                .toList();
        if (ofProject.isEmpty()) {
            return bodies.refused(Rejection.REDCAP_UNKNOWN);
        }
        // REDCap sends a trigger for every form of the project.
        List<String> expecting = ofProject.stream()
                // Of a closed study nothing is read; what changed meanwhile is, when it is opened again.
                .filter(study -> study.open()
                        && study.findRedcap()
                                .filter(rule -> rule.instrument().equals(trigger.instrument()))
                                .isPresent())
                .map(StudyConfiguration::code)
                .toList();
        QuarkusTransaction.requiringNew()
                .run(() -> expecting.forEach(code -> forms.triggered(code, trigger.record(), clock.instant())));
        String result = expecting.isEmpty() ? "ignored" : "accepted";
        metrics.counter("datman.ingest.redcap.triggers", "result", result).increment();
        return BodyTimeout.json(202, new Result(result));
    }
}
