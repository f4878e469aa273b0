package org.datman.platform.archive;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import org.datman.contracts.archive.ArchiveMark;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** Not well while the archive is unavailable. The service stays ready: work waits, and webhooks must be accepted. */
@Wellness
@ApplicationScoped
class ArchiveHealth implements HealthCheck {

    private final Archive archive;

    ArchiveHealth(Archive archive) {
        this.archive = archive;
    }

    void onStart(@Observes StartupEvent event, MeterRegistry metrics) {
        Gauge.builder("datman.archive.available", archive, one -> one.isUsable() ? 1 : 0)
                .description("1 while the archive is there, else 0")
                .register(metrics);
        Gauge.builder("datman.archive.free", archive, ArchiveHealth::freeBytes)
                .description("Free space of the disk of the archive")
                .baseUnit("bytes")
                .register(metrics);
    }

    private static double freeBytes(Archive archive) {
        try {
            return archive.isUsable() ? Files.getFileStore(archive.root()).getUsableSpace() : Double.NaN;
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    @Override
    public HealthCheckResponse call() {
        boolean usable = archive.isUsable();
        return HealthCheckResponse.named("archive")
                .status(usable)
                .withData("folder", usable ? archive.root().toString() : ArchiveMark.away(archive.root()))
                .build();
    }
}
