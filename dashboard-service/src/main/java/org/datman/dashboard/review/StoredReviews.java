package org.datman.dashboard.review;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** The decisions of people. They survive a rebuild. */
@ApplicationScoped
class StoredReviews implements PanacheRepositoryBase<StoredReview, UUID> {

    /** Whether the review of that id was given with that comment. */
    boolean hasComment(String session, String reviewId, String comment) {
        return count("session = ?1 and cast(id as string) = ?2 and comment = ?3", session, reviewId, comment) > 0;
    }
}
