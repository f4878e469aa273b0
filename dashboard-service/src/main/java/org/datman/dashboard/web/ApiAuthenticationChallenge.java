package org.datman.dashboard.web;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** A request to {@code /api} without a login is answered with 401; the redirect to the login page is for browsers. */
@ApplicationScoped
public class ApiAuthenticationChallenge {

    private static final int BEFORE_ALL_OTHERS = 1000;

    void register(@Observes Filters filters) {
        filters.register(ApiAuthenticationChallenge::filter, BEFORE_ALL_OTHERS);
    }

    private static void filter(RoutingContext context) {
        String path = context.request().path();
        if (path != null && path.startsWith("/api")) {
            HttpServerResponse response = context.response();
            context.addHeadersEndHandler(end -> {
                String location = response.headers().get(HttpHeaders.LOCATION);
                if (response.getStatusCode() == 302 && location != null && location.endsWith("/login")) {
                    response.setStatusCode(401);
                    response.headers().remove(HttpHeaders.LOCATION);
                    response.headers().set("WWW-Authenticate", "Basic realm=\"DATMAN\"");
                }
            });
        }
        context.next();
    }
}
