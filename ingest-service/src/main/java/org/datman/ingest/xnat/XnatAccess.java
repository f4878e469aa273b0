package org.datman.ingest.xnat;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.datman.xnat.XnatClient;
import org.datman.xnat.XnatConfig;
import org.datman.xnat.XnatSettings;

/** Creates the single XNAT client of this process. */
@ApplicationScoped
public class XnatAccess {

    @Produces
    @Singleton
    XnatClient client(XnatSettings settings, MeterRegistry metrics) {
        return new XnatClient(
                XnatConfig.of(settings, "datman-ingest/1.0 (Java)"), (endpoint, outcome, duration) -> metrics.timer(
                                "datman.xnat.requests", "endpoint", endpoint, "outcome", outcome)
                        .record(duration));
    }

    void close(@Disposes XnatClient client) {
        client.close();
    }
}
