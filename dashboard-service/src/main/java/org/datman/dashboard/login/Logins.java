package org.datman.dashboard.login;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import jakarta.transaction.Transactional;
import java.time.Instant;

/** The table of valid logins. */
@ApplicationScoped
class Logins implements PanacheRepositoryBase<Login, String> {

    /** Stores a login, and removes those that have expired. */
    @Transactional
    void begin(Login login, Instant now) {
        delete("validUntil < ?1", now);
        persist(login);
    }

    /** Asked at every request, without a transaction. */
    @ActivateRequestContext
    boolean isValid(String digest, String username, Instant now) {
        return count("digest = ?1 and username = ?2 and validUntil > ?3", digest, username, now) > 0;
    }

    /** Of two tabs that log out at once the second finds nothing to delete, which is no failure. */
    @Transactional
    void end(String digest) {
        delete("digest", digest);
    }

    @Transactional
    void endAll(String username) {
        delete("username", username);
    }
}
