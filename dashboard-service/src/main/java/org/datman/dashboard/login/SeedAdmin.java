package org.datman.dashboard.login;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Gives the account {@code admin} the password in the file, also after the file changed. */
@ApplicationScoped
class SeedAdmin {

    private static final Logger LOG = Logger.getLogger(SeedAdmin.class);

    private final EntityManager entities;
    private final LoginSessions logins;
    private final @Nullable Path passwordFile;

    SeedAdmin(
            EntityManager entities,
            LoginSessions logins,
            // The only form in which MicroProfile Config injects a value that may be absent.
            @ConfigProperty(name = "datman.dashboard.admin-password-file") Optional<Path> passwordFile) {
        this.entities = entities;
        this.logins = logins;
        this.passwordFile = passwordFile.orElse(null);
    }

    @Transactional
    void onStart(@Observes StartupEvent event) throws IOException {
        List<Account> admins = entities.createQuery("from Account where username = :name", Account.class)
                .setParameter("name", Accounts.SEEDED)
                .getResultList();
        if (passwordFile == null) {
            if (admins.isEmpty()) {
                LOG.warn("Nobody can log in: set datman.dashboard.admin-password-file to a file with the password of"
                        + " the account admin");
            }
            return;
        }
        String password = Files.readString(passwordFile).strip();
        if (password.length() < Passwords.SHORTEST) {
            throw new IllegalStateException("The password in " + passwordFile + " has " + password.length()
                    + " characters; at least " + Passwords.SHORTEST + " are needed");
        }
        if (admins.isEmpty()) {
            Account admin = new Account();
            admin.username = Accounts.SEEDED;
            admin.password = Passwords.hash(password);
            admin.roles = Role.upTo(Role.ADMIN);
            entities.persist(admin);
            LOG.info("Account admin was created");
        } else if (!Passwords.matches(password, admins.get(0).password)) {
            admins.get(0).password = Passwords.hash(password);
            logins.endAll(Accounts.SEEDED);
            LOG.info("Account admin has a new password");
        }
    }
}
