package org.datman.pipeline.openlineage;

import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** Not well while the OpenLineage address takes nothing; the service stays ready, and what waits is delivered later. */
@Wellness
@ApplicationScoped
class LineageHealth implements HealthCheck {

    private final LineageConsumer lineage;

    LineageHealth(LineageConsumer lineage) {
        this.lineage = lineage;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("OpenLineage");
        return lineage.outage()
                .map(trouble -> response.down().withData("trouble", trouble).build())
                .orElseGet(() -> response.up().build());
    }
}
