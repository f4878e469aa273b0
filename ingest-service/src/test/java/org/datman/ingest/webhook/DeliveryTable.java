package org.datman.ingest.webhook;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.util.List;

/** The accepted deliveries, for tests. */
@ApplicationScoped
public class DeliveryTable {

    private final EntityManager database;

    DeliveryTable(EntityManager database) {
        this.database = database;
    }

    /** An accepted delivery. */
    public record Delivery(String project, String event, String shape, byte[] body) {}

    /** The deliveries about a session. */
    public List<Delivery> of(String accession) {
        return QuarkusTransaction.requiringNew().call(() -> database.createQuery(
                        "select new " + Delivery.class.getName()
                                + "(d.project, d.event, d.shape, d.body) from WebhookDelivery d where d.accession = :accession",
                        Delivery.class)
                .setParameter("accession", accession)
                .getResultList());
    }
}
