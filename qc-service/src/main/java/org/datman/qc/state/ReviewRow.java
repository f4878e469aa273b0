package org.datman.qc.state;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;

/** The last decision of a person on an image. */
@Entity
@Table(name = "qc_review")
@IdClass(ReviewKey.class)
class ReviewRow {

    @Id
    String accession;

    @Id
    String stem;

    String decision;

    @Column(name = "review_id")
    String reviewId;

    Instant time;
}
