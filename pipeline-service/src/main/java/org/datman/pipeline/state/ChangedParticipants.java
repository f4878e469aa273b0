package org.datman.pipeline.state;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * The participants of whom a session changed.
 *
 * <p>A row and no mark at the other sessions: two sessions of a participant that are decided at once would wait for each other.
 */
@ApplicationScoped
class ChangedParticipants implements PanacheRepositoryBase<ChangedParticipant, String> {

    /** A session of that participant changed. */
    void changed(String study, String subject) {
        getEntityManager()
                .createQuery("insert into ChangedParticipant as known (participant, changes) values (:participant, 1)"
                        + " on conflict (participant) do update set changes = known.changes + 1")
                .setParameter("participant", study + " " + subject)
                .executeUpdate();
    }

    /** One of them. */
    Optional<ChangedParticipant> next() {
        return find("order by participant").firstResultOptional();
    }
}
