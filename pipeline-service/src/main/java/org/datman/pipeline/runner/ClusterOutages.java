package org.datman.pipeline.runner;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.platform.outbox.Outbox;

/** The outages of clusters that are published: once each, and once that it is over, whichever process sees it. */
@ApplicationScoped
public class ClusterOutages implements PanacheRepositoryBase<ClusterOutage, String>, ObservedScheduler.Outages {

    static final String STAGE = "cluster";

    /** The dashboard closes an outage by a code that ends so. */
    static final String RESUMED = "cluster-resumed";

    private final Outbox outbox;
    private final Clock clock;

    ClusterOutages(Outbox outbox, Clock clock) {
        this.outbox = outbox;
        this.clock = clock;
    }

    @Override
    public void began(String scheduler, String question, Instant since, String words) {
        QuarkusTransaction.requiringNew().run(() -> {
            int inserted = getEntityManager()
                    .createQuery("insert into ClusterOutage (cluster) values (:cluster) on conflict do nothing")
                    .setParameter("cluster", scheduler)
                    .executeUpdate();
            if (inserted == 1) {
                publish(
                        scheduler,
                        new Reason(
                                "cluster-unreachable",
                                "The cluster (" + scheduler + ") has not answered this machine since "
                                        + since.truncatedTo(ChronoUnit.SECONDS) + ": " + words,
                                "Jobs on the cluster are not ended by this; new ones are submitted when it answers again."
                                        + " If it stays, run " + question
                                        + " on the machine of the pipeline service, and show"
                                        + " its answer to the administrators of the cluster"));
            }
        });
    }

    @Override
    public void ended(String scheduler) {
        QuarkusTransaction.requiringNew().run(() -> {
            if (deleteById(scheduler)) {
                publish(scheduler, Reason.of(RESUMED, "The cluster (" + scheduler + ") answers again"));
            }
        });
    }

    private void publish(String scheduler, Reason reason) {
        outbox.publish(ProcessingFailedBuilder.builder()
                .service("pipeline")
                .stage(STAGE)
                .kind(ProcessingFailed.Kind.TRANSIENT)
                .attempts(1)
                .reason(reason)
                .time(clock.instant())
                .cause(Optional.of(scheduler))
                .build());
    }
}
