package org.datman.platform.work;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;

/** Not alive once a worker thread has ended: only a restart of the process brings it back. */
@Liveness
@ApplicationScoped
class WorkerHealth implements HealthCheck {

    private final WorkerThreads threads;

    WorkerHealth(WorkerThreads threads) {
        this.threads = threads;
    }

    @Override
    public HealthCheckResponse call() {
        List<String> ended = threads.ended();
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("worker threads").status(ended.isEmpty());
        return ended.isEmpty()
                ? response.build()
                : response.withData("ended", String.join(", ", ended)).build();
    }
}
