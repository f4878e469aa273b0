package org.datman.ingest.session;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The last published state of a series. */
@Entity
@Table(name = "series_state")
public class PublishedSeries extends PanacheEntityBase {

    /** {@code server/accession/scan}. */
    @Id
    public String id;

    public String sessionId;
    public String scan;
    public long revision;

    /** The last series-discovered as JSON. */
    public String told;
}
