package org.datman.export.fixity;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.datman.export.work.SessionLocks;
import org.datman.platform.archive.Archive;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.event.OutageException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Checks the exported files at night, for a few hours and at a low rate; the next night continues. */
@ApplicationScoped
class NightlyFixity {

    private static final Logger LOG = Logger.getLogger(NightlyFixity.class);
    private static final double MIB = 1 << 20;

    private final FixityPass pass;
    private final Duration longest;

    NightlyFixity(
            Archive archive,
            SessionLocks locks,
            EventPublisher publisher,
            Clock clock,
            @ConfigProperty(name = "datman.fixity.mib-per-second", defaultValue = "20") double mibPerSecond,
            @ConfigProperty(name = "datman.fixity.longest", defaultValue = "PT5H") Duration longest) {
        this.pass = new FixityPass(
                archive,
                locks,
                failed -> publisher.publish(publisher.first(failed)),
                bytes -> Thread.sleep((long) (bytes / (mibPerSecond * MIB) * 1000)),
                clock);
        this.longest = longest;
    }

    @Scheduled(
            identity = "fixity",
            cron = "${datman.fixity.cron:0 30 1 * * ?}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void run() {
        try {
            FixityPass.Result result = pass.run(longest);
            LOG.infof(
                    "Exported files checked files=%d changed=%d complete=%s",
                    result.checked(), result.drifted(), result.whole());
        } catch (IOException | OutageException e) {
            LOG.warnf("The check of exported files stops and continues next night error=%s", e.toString());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
