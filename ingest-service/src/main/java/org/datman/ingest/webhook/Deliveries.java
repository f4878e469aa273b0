package org.datman.ingest.webhook;

import io.quarkus.hibernate.orm.panache.PanacheRepository;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.SessionRef;
import org.datman.ingest.outgoing.EventChain;
import org.datman.ingest.queue.SessionQueue;
import org.datman.ingest.queue.SyncOrigin;
import org.datman.xnat.ImageSource;
import org.jspecify.annotations.Nullable;

/** Stores deliveries and enqueues their sessions, each once. */
@ApplicationScoped
public class Deliveries {

    /** In SQL: the same delivery may arrive twice at the same time, and a violated constraint would end the transaction. */
    private static final String STORE = """
            insert into webhook_delivery (signature, delivery, body_digest, received, shape, accession, project, event, body)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) on conflict do nothing
            """;

    private final EntityManager database;
    private final Rows rows;
    private final SessionQueue queue;
    private final ImageSource xnat;
    private final WebhookSettings settings;
    private final Clock clock;

    Deliveries(
            EntityManager database,
            Rows rows,
            SessionQueue queue,
            ImageSource xnat,
            WebhookSettings settings,
            Clock clock) {
        this.database = database;
        this.rows = rows;
        this.queue = queue;
        this.xnat = xnat;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Stores a delivery and its queue entry, both or neither.
     *
     * @param signature as verified
     * @param deliveryId the sender's id, if any; not trusted, because it is not signed
     * @return false when the same delivery exists already
     */
    boolean store(WebhookPayload payload, String signature, @Nullable String deliveryId, byte[] body) {
        String digest = DigestUtils.sha256Hex(body);
        String proof = DigestUtils.sha256Hex(signature.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
        String delivery = deliveryId == null ? proof : DigestUtils.sha256Hex(deliveryId);
        return QuarkusTransaction.requiringNew().call(() -> {
            int stored = database.createNativeQuery(STORE)
                    .setParameter(1, proof)
                    .setParameter(2, delivery)
                    .setParameter(3, digest)
                    .setParameter(4, clock.instant())
                    .setParameter(5, payload.shape())
                    .setParameter(6, payload.accession())
                    .setParameter(7, payload.project())
                    .setParameter(8, payload.event())
                    .setParameter(9, body)
                    .executeUpdate();
            if (stored == 0) {
                return false;
            }
            String correlation = UUID.nameUUIDFromBytes(proof.getBytes(StandardCharsets.US_ASCII))
                    .toString();
            queue.debounced(
                    new SessionRef(xnat.server(), payload.accession()),
                    SyncOrigin.WEBHOOK,
                    EventChain.first(correlation));
            return true;
        });
    }

    @Scheduled(
            every = "1h",
            delayed = "10m",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void deleteOld() {
        // A signature must be stored for twice the window, or it could be replayed.
        Duration least = settings.window().multipliedBy(2);
        Duration retention = settings.retention().compareTo(least) > 0 ? settings.retention() : least;
        QuarkusTransaction.requiringNew()
                .run(() -> rows.delete("received < ?1", clock.instant().minus(retention)));
    }

    @ApplicationScoped
    static class Rows implements PanacheRepository<WebhookDelivery> {}
}
