package org.datman.dashboard.web;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Under TLS browsers are told to use nothing else for a year (RFC 6797). The headers that never differ are in application.properties. */
@ApplicationScoped
public class SecurityHeaders {

    private static final int AFTER_FORWARDED_HEADERS = 900;

    void register(@Observes Filters filters) {
        filters.register(SecurityHeaders::filter, AFTER_FORWARDED_HEADERS);
    }

    private static void filter(RoutingContext context) {
        if (context.request().isSSL()) {
            context.response().putHeader("Strict-Transport-Security", "max-age=31536000");
        }
        context.next();
    }
}
