package org.datman.ingest.xnat;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.datman.xnat.ImageSource;
import org.datman.xnat.XnatClient;
import org.datman.xnat.XnatConfig;
import org.datman.xnat.XnatSettings;

/** Creates the single client of this process for the server that sessions come from. */
@ApplicationScoped
public class XnatAccess {

    @Produces
    @Singleton
    ImageSource source(XnatSettings settings, MeterRegistry metrics) {
        return new XnatClient(
                XnatConfig.of(settings, "datman-ingest/1.0 (Java)"), (endpoint, outcome, duration) -> metrics.timer(
                                "datman.xnat.requests", "endpoint", endpoint, "outcome", outcome)
                        .record(duration));
    }

    void close(@Disposes ImageSource source) {
        source.close();
    }
}
