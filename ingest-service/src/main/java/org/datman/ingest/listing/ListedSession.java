package org.datman.ingest.listing;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** A session in the last listing of a project, or how often it has been missing there since. */
@Entity
public class ListedSession extends PanacheEntityBase {

    /** {@code project/server/accession}: a session that is shared is listed by several projects. */
    @Id
    public String id;

    public String project;
    public String sessionId;

    /** The listing's data of it; empty before it was first listed. */
    public String signature;

    public int missed;
}
