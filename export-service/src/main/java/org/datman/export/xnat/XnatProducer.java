package org.datman.export.xnat;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import org.datman.xnat.XnatClient;
import org.datman.xnat.XnatConfig;
import org.datman.xnat.XnatSettings;

/** One client for the whole process: it keeps one session on XNAT and limits concurrent requests. */
class XnatProducer {

    @Produces
    @Singleton
    XnatClient client(XnatSettings settings, MeterRegistry metrics) {
        return new XnatClient(
                XnatConfig.of(settings, "datman-export/1.0 (Java)"), (endpoint, outcome, duration) -> metrics.timer(
                                "datman.xnat.requests", "endpoint", endpoint, "outcome", outcome)
                        .record(duration));
    }

    @Produces
    @Singleton
    Xnat xnat(XnatClient client) {
        return new Xnat(Map.of(client.server(), client));
    }

    void close(@Disposes XnatClient client) {
        client.close();
    }
}
