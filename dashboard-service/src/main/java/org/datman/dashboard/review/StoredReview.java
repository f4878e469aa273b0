package org.datman.dashboard.review;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.datman.contracts.event.QcReviewed;

/** A decision with its comment, which is in no event. */
@Entity
@Table(name = "review")
@SuppressWarnings("UnusedVariable") // columns that only queries read
class StoredReview {

    @Id
    private UUID id;

    private String session;
    private String scan;
    private String stem;
    private String decision;
    private String comment;
    private String reviewer;
    private Instant time;

    /** For Hibernate. */
    protected StoredReview() {}

    StoredReview(UUID id, QcReviewed event, String scan, String comment) {
        this.id = id;
        this.session = event.session().identity();
        this.scan = scan;
        this.stem = event.stem().orElse("");
        this.decision = event.decision().name();
        this.comment = comment;
        this.reviewer = event.reviewer();
        this.time = event.time();
    }
}
