package org.datman.platform.archive;

import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
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

    @Override
    public HealthCheckResponse call() {
        boolean usable = archive.isUsable();
        return HealthCheckResponse.named("archive")
                .status(usable)
                .withData("folder", usable ? archive.root().toString() : ArchiveMark.away(archive.root()))
                .build();
    }
}
