package org.datman.export.xnat;

import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.datman.xnat.Secrets;
import org.datman.xnat.XnatClient;
import org.datman.xnat.XnatConfig;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** One client for the whole process: it keeps one session on XNAT and limits concurrent requests. */
class XnatProducer {

    @Produces
    @Singleton
    XnatClient client(
            @ConfigProperty(name = "datman.xnat.url") URI url,
            @ConfigProperty(name = "datman.xnat.server", defaultValue = "xnat") String server,
            @ConfigProperty(name = "datman.xnat.user") String user,
            @ConfigProperty(name = "datman.xnat.password") Optional<String> password,
            @ConfigProperty(name = "datman.xnat.password-file") Optional<Path> passwordFile,
            @ConfigProperty(name = "datman.xnat.concurrency", defaultValue = "4") int concurrency,
            @ConfigProperty(name = "datman.xnat.attempts", defaultValue = "6") int attempts,
            @ConfigProperty(name = "datman.xnat.first-pause", defaultValue = "PT1S") Duration firstPause) {
        return new XnatClient(XnatConfig.of(url, server, user, Secrets.of(password, passwordFile))
                .withConcurrency(concurrency)
                .withRetries(attempts, firstPause)
                .withUserAgent("datman-export/1.0 (Java)"));
    }

    void close(@Disposes XnatClient client) {
        client.close();
    }
}
