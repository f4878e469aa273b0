package org.datman.dashboard.login;

import io.quarkus.elytron.security.common.BcryptUtil;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Hashes of the same passwords that take the least time bcrypt allows: with the real ones the requests of the tests, each with its password, would
 * wait for little else.
 */
@ApplicationScoped
public class QuickPasswords {

    private static final int LEAST = 4;

    private final AccountRepository accounts;
    private final Path adminPassword;

    QuickPasswords(
            AccountRepository accounts,
            @ConfigProperty(name = "datman.dashboard.admin-password-file") Path adminPassword) {
        this.accounts = accounts;
        this.adminPassword = adminPassword;
    }

    /** After SeedAdmin. */
    @Transactional
    void onStart(@Observes @Priority(Integer.MAX_VALUE) StartupEvent event) throws IOException {
        hash(Accounts.SEEDED, Files.readString(adminPassword).strip());
    }

    /** Hashes the password of an account anew. */
    @Transactional
    public void hash(String username, String password) {
        accounts.byName(username).orElseThrow().setPassword(BcryptUtil.bcryptHash(password, LEAST));
    }
}
