package org.datman.export.xnat;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import org.datman.xnat.ImageSource;
import org.datman.xnat.OrthancNames;
import org.datman.xnat.Secrets;
import org.datman.xnat.SourceKind;
import org.datman.xnat.XnatConfig;
import org.datman.xnat.XnatSettings;

/** One client per server for the whole process: it keeps one session on XNAT and limits concurrent requests. */
class XnatProducer {

    @Produces
    @Singleton
    ImageSource client(XnatSettings settings, MeterRegistry metrics) {
        return client(settings.kind(), XnatConfig.of(settings, "datman-export/1.0 (Java)"), metrics);
    }

    @Produces
    @Singleton
    Xnat xnat(ImageSource client, OtherXnats others, MeterRegistry metrics) {
        Map<String, ImageSource> clients = new HashMap<>(Map.of(client.server(), client));
        others.servers().forEach((server, other) -> {
            if (clients.containsKey(server)) {
                throw new IllegalArgumentException(
                        "Two XNAT servers are called '" + server + "'; rename that of datman.other-xnats");
            }
            XnatConfig config = client.config()
                    .withServer(server)
                    .withBase(other.url())
                    .withUser(other.user())
                    .withPassword(Secrets.of(
                            other.password().orElse(null), other.passwordFile().orElse(null)));
            clients.put(server, client(other.kind(), config, metrics));
        });
        return new Xnat(clients);
    }

    private static ImageSource client(SourceKind kind, XnatConfig config, MeterRegistry metrics) {
        // Files are asked for by ids: how studies are named matters to ingest only.
        return kind.open(config, OrthancNames.DEFAULT, (endpoint, outcome, duration) -> metrics.timer(
                        "datman.xnat.requests", "endpoint", endpoint, "outcome", outcome)
                .record(duration));
    }

    void close(@Disposes ImageSource client) {
        client.close();
    }

    void close(@Disposes Xnat xnat) {
        xnat.close();
    }
}
