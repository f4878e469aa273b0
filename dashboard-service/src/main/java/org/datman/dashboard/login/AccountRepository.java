package org.datman.dashboard.login;

import io.quarkus.hibernate.orm.panache.PanacheRepository;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** The table of accounts. */
@ApplicationScoped
class AccountRepository implements PanacheRepository<Account> {

    Optional<Account> byName(String username) {
        return find("username", username).firstResultOptional();
    }
}
