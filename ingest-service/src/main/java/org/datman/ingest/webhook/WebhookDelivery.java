package org.datman.ingest.webhook;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.time.Instant;

/** An accepted delivery, as received. */
@Entity
public class WebhookDelivery extends PanacheEntityBase {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    public Long id;

    public String signature;
    public String delivery;
    public String bodyDigest;
    public Instant received;
    public String shape;
    public String accession;
    public String project;
    public String event;
    public byte[] body;
}
