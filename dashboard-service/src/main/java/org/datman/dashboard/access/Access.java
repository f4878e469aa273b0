package org.datman.dashboard.access;

import io.quarkus.arc.Arc;
import io.quarkus.arc.ArcContainer;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ResourceInfo;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * What the request of now may see and do. A request sees only where its person has a role that its endpoint asks for: to a viewer of a
 * study a session is there on its page, and not there for a decision. What it does not see does not exist for it (404).
 */
@ApplicationScoped
public class Access {

    private static final String SCOPE = "datman.access.scope";
    private static final String GRANTS = "datman.grants";

    private final CurrentVertxRequest http;
    private final SecurityIdentity identity;

    public Access(CurrentVertxRequest http, SecurityIdentity identity) {
        this.http = http;
        this.identity = identity;
    }

    /** Name of the attribute of an identity that holds its grants, a collection of {@link Grant}. */
    public static String attribute() {
        return GRANTS;
    }

    /** The scope of the request: nothing until its endpoint is known, everything where no request is served. */
    public AccessScope scope() {
        return request()
                .map(request ->
                        Optional.ofNullable(request.<AccessScope>get(SCOPE)).orElse(AccessScope.NOTHING))
                .orElse(AccessScope.EVERYTHING);
    }

    /** Where the person of the request has a role, whatever the endpoint asks for. */
    public AccessScope scopeOf(String role) {
        return request().isEmpty() ? AccessScope.EVERYTHING : AccessScope.of(grants(), Set.of(role));
    }

    /** Sets the scope of a request, from the roles that its endpoint asks for. */
    @ServerRequestFilter
    public void begin(ResourceInfo endpoint, RoutingContext request) {
        request.put(SCOPE, AccessScope.of(grants(), roles(endpoint)));
    }

    /** The HTTP request that is being served, if any. */
    public Optional<RoutingContext> request() {
        ArcContainer container = Arc.container();
        return container != null && container.requestContext().isActive()
                ? Optional.ofNullable(http.getCurrent())
                : Optional.empty();
    }

    private List<Grant> grants() {
        Collection<?> all = Objects.requireNonNullElse(identity.getAttribute(GRANTS), List.of());
        return all.stream().map(Grant.class::cast).toList();
    }

    /** Those of the method, else of its class; a viewer's where none is named. */
    private static Set<String> roles(ResourceInfo endpoint) {
        Method method = endpoint.getResourceMethod();
        RolesAllowed allowed = method.getAnnotation(RolesAllowed.class);
        if (allowed == null) {
            allowed = endpoint.getResourceClass().getAnnotation(RolesAllowed.class);
        }
        return allowed == null ? Set.of(Role.VIEWER) : Set.of(allowed.value());
    }
}
