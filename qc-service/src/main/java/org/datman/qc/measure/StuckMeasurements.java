package org.datman.qc.measure;

import io.quarkus.runtime.Quarkus;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.jboss.logging.Logger;

/**
 * Not live while an aborted measurement still runs: only a new process ends it. Where no liveness probe is
 * configured, the service exits when it is stuck for long: {@code ./datman up}, systemd and Kubernetes all start an exited
 * process again. An image that crashes its worker each time is given up after three attempts.
 */
@Liveness
@ApplicationScoped
class StuckMeasurements implements HealthCheck {

    private static final Logger LOG = Logger.getLogger(StuckMeasurements.class);

    /** Exit code: an internal fault (sysexits.h, EX_SOFTWARE). */
    private static final int STUCK = 70;

    private static final int MOST_CHECKS = 5;

    private final MeasurementExecutor executor;
    private int stuckChecks;

    StuckMeasurements(MeasurementExecutor executor) {
        this.executor = executor;
    }

    @Scheduled(
            every = "${datman.qc.stuck-every:60s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void endWhenStuck() {
        if (isStuckForLong()) {
            LOG.errorf("Ending qc, measurements do not stop threads=%s", executor.stuck());
            Quarkus.asyncExit(STUCK);
        }
    }

    /** Whether a measurement was stuck at each of the last checks. */
    boolean isStuckForLong() {
        stuckChecks = executor.stuck().isEmpty() ? 0 : stuckChecks + 1;
        return stuckChecks >= MOST_CHECKS;
    }

    @Override
    public HealthCheckResponse call() {
        List<String> stuck = executor.stuck();
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("measurements that do not stop").status(stuck.isEmpty());
        return stuck.isEmpty()
                ? response.build()
                : response.withData("threads", String.join(", ", stuck)).build();
    }
}
