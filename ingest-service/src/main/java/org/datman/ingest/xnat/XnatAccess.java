package org.datman.ingest.xnat;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.datman.xnat.ImageSource;
import org.datman.xnat.OrthancNames;
import org.datman.xnat.OrthancSettings;
import org.datman.xnat.XnatConfig;
import org.datman.xnat.XnatSettings;

/** Creates the single client of this process for the server that sessions come from. */
@ApplicationScoped
public class XnatAccess {

    @Produces
    @Singleton
    ImageSource source(XnatSettings settings, OrthancSettings orthanc, MeterRegistry metrics) {
        return settings.kind()
                .open(
                        XnatConfig.of(settings, "datman-ingest/1.0 (Java)"),
                        OrthancNames.of(orthanc),
                        (endpoint, outcome, duration) -> metrics.timer(
                                        "datman.xnat.requests", "endpoint", endpoint, "outcome", outcome)
                                .record(duration));
    }

    void close(@Disposes ImageSource source) {
        source.close();
    }
}
