package org.datman.pipeline.state;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

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
                .createQuery("insert into ChangedParticipant (participant, change) values (:participant, :change)"
                        + " on conflict (participant) do update set change = excluded.change")
                .setParameter("participant", study + " " + subject)
                .setParameter("change", UUID.randomUUID())
                .executeUpdate();
    }

    /** One of them. */
    Optional<ChangedParticipant> next() {
        return find("order by participant").firstResultOptional();
    }
}
