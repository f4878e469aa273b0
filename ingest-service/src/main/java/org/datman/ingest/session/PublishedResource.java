package org.datman.ingest.session;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The last published state of a file of paired data. */
@Entity
@Table(name = "resource_state")
public class PublishedResource extends PanacheEntityBase {

    /** The event's identity: {@code server/accession/resources/id/path}. */
    @Id
    public String id;

    public String sessionId;
    public long revision;

    /** The last resource-discovered as JSON. */
    public String told;
}
