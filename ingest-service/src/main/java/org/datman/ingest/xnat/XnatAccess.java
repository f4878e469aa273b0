package org.datman.ingest.xnat;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.datman.xnat.Secrets;
import org.datman.xnat.XnatClient;
import org.datman.xnat.XnatConfig;

/** Creates the single XNAT client of this process. */
@ApplicationScoped
public class XnatAccess {

    @Produces
    @Singleton
    XnatClient client(XnatSettings settings, MeterRegistry metrics) {
        XnatConfig config = XnatConfig.of(
                        settings.url(),
                        settings.server(),
                        settings.user(),
                        Secrets.of(settings.password(), settings.passwordFile()))
                .withZone(settings.zone())
                .withConcurrency(settings.concurrency())
                .withTimeouts(settings.connectTimeout(), settings.answerTimeout(), settings.idleTimeout())
                .withRetries(settings.attempts(), settings.firstPause())
                .withLockOutPause(settings.lockOutPause())
                .withUserAgent("datman-ingest/1.0 (Java)");
        return new XnatClient(config, (endpoint, outcome, duration) -> metrics.timer(
                        "datman.xnat.requests", "endpoint", endpoint, "outcome", outcome)
                .record(duration));
    }

    void close(@Disposes XnatClient client) {
        client.close();
    }
}
