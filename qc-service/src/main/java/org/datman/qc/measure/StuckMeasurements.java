package org.datman.qc.measure;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Not alive any more while a measurement that was given up still runs: only a new process is rid of it. The work goes on until then. */
@Liveness
@ApplicationScoped
class StuckMeasurements implements HealthCheck {

    private final Workbench workbench;

    StuckMeasurements(Workbench workbench) {
        this.workbench = workbench;
    }

    @Override
    public HealthCheckResponse call() {
        var stuck = workbench.stuck();
        var response =
                HealthCheckResponse.named("measurements that do not stop").status(stuck.isEmpty());
        return stuck.isEmpty()
                ? response.build()
                : response.withData("threads", String.join(", ", stuck)).build();
    }
}
