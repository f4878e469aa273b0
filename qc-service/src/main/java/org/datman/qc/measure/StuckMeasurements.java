package org.datman.qc.measure;

import io.quarkus.logging.Log;
import io.quarkus.runtime.Quarkus;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Not alive any more while a measurement that was given up still runs: only a new process is rid of it. Where nobody probes for
 * life, the service ends itself when it is stuck for long: {@code ./datman up}, systemd and Kubernetes all start a process that
 * ended. An image that ends its worker each time is given up after three.
 */
@Liveness
@ApplicationScoped
class StuckMeasurements implements HealthCheck {

    /** Exit code: an internal fault (sysexits.h, EX_SOFTWARE). */
    private static final int STUCK = 70;

    private static final int MOST_LOOKS = 5;

    private final MeasurementExecutor executor;
    private int lookedAtStuck;

    StuckMeasurements(MeasurementExecutor executor) {
        this.executor = executor;
    }

    @Scheduled(
            every = "${datman.qc.stuck-every:60s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void endWhenStuck() {
        if (isStuckForLong()) {
            Log.errorf("Ending qc, measurements do not stop threads=%s", executor.stuck());
            Quarkus.asyncExit(STUCK);
        }
    }

    /** Whether a measurement was stuck at each of the last looks. */
    boolean isStuckForLong() {
        lookedAtStuck = executor.stuck().isEmpty() ? 0 : lookedAtStuck + 1;
        return lookedAtStuck >= MOST_LOOKS;
    }

    @Override
    public HealthCheckResponse call() {
        var stuck = executor.stuck();
        var response =
                HealthCheckResponse.named("measurements that do not stop").status(stuck.isEmpty());
        return stuck.isEmpty()
                ? response.build()
                : response.withData("threads", String.join(", ", stuck)).build();
    }
}
