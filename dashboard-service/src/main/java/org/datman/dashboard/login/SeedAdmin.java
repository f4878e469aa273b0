package org.datman.dashboard.login;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.datman.dashboard.access.Grant;
import org.datman.dashboard.access.Role;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Gives the account {@code admin} the password in the file, also after the file changed. */
@ApplicationScoped
class SeedAdmin {

    private static final Logger LOG = Logger.getLogger(SeedAdmin.class);

    private static final int SHORTEST = 8;

    private final AccountRepository accounts;
    private final GrantedRoles granted;
    private final LoginSessions logins;
    private final @Nullable Path passwordFile;

    SeedAdmin(
            AccountRepository accounts,
            GrantedRoles granted,
            LoginSessions logins,
            // The only form in which MicroProfile Config injects a value that may be absent.
            @ConfigProperty(name = "datman.dashboard.admin-password-file") Optional<Path> passwordFile) {
        this.accounts = accounts;
        this.granted = granted;
        this.logins = logins;
        this.passwordFile = passwordFile.orElse(null);
    }

    @Transactional
    void onStart(@Observes StartupEvent event) throws IOException {
        Optional<Account> known = accounts.byName(Accounts.SEEDED);
        if (passwordFile == null) {
            if (known.isEmpty()) {
                LOG.warn("Nobody can log in: set datman.dashboard.admin-password-file to a file with the password of"
                        + " the account admin");
            }
            return;
        }
        String password = Files.readString(passwordFile).strip();
        if (password.length() < SHORTEST) {
            throw new IllegalStateException("The password in " + passwordFile + " has " + password.length()
                    + " characters; at least " + SHORTEST + " are needed");
        }
        // An installation of before has one that was good enough then: it goes on.
        PasswordRules.problem(Accounts.SEEDED, password)
                .ifPresent(problem ->
                        LOG.warnf("The password of admin should be changed file=%s reason=%s", passwordFile, problem));
        if (known.isEmpty()) {
            Grant admin = Grant.everywhere(Role.ADMIN);
            accounts.persist(new Account(Accounts.SEEDED, Passwords.hash(password), Role.of(List.of(admin))));
            granted.grant(Accounts.SEEDED, admin);
            LOG.info("Account admin was created");
        } else if (!Passwords.matches(password, known.get().getPassword())) {
            known.get().setPassword(Passwords.hash(password));
            logins.endAll(Accounts.SEEDED);
            LOG.info("Account admin has a new password");
        }
    }
}
