package org.datman.ingest.webhook;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.time.Instant;

/** An accepted delivery, as received, for inspection of its table. Added by {@link Deliveries} in SQL, and never changed. */
@Entity
class WebhookDelivery {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    @Column(name = "signature")
    private String signature;

    @Column(name = "delivery")
    private String delivery;

    @Column(name = "body_digest")
    private String bodyDigest;

    @Column(name = "received")
    private Instant received;

    @Column(name = "shape")
    private String shape;

    @Column(name = "accession")
    private String accession;

    @Column(name = "project")
    private String project;

    @Column(name = "event")
    private String event;

    @Column(name = "body")
    private byte[] body;
}
