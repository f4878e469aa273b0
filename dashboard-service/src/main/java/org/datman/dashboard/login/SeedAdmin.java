package org.datman.dashboard.login;

import io.quarkus.elytron.security.common.BcryptUtil;
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
import org.wildfly.security.password.PasswordFactory;
import org.wildfly.security.password.WildFlyElytronPasswordProvider;
import org.wildfly.security.password.util.ModularCrypt;

/** Lets the account {@code admin} have the password that stands in the file, also after the file changed. */
@ApplicationScoped
class SeedAdmin {

    private static final Logger LOG = Logger.getLogger(SeedAdmin.class);
    private static final String ADMIN = "admin";
    private static final int SHORTEST = 8;

    private final EntityManager entities;
    private final Optional<Path> passwordFile;

    SeedAdmin(
            EntityManager entities,
            @ConfigProperty(name = "datman.dashboard.admin-password-file") Optional<Path> passwordFile) {
        this.entities = entities;
        this.passwordFile = passwordFile;
    }

    @Transactional
    void onStart(@Observes StartupEvent event) throws IOException {
        List<Account> admins = entities.createQuery("from Account where username = :name", Account.class)
                .setParameter("name", ADMIN)
                .getResultList();
        if (passwordFile.isEmpty()) {
            if (admins.isEmpty()) {
                LOG.warn("Nobody can log in: set datman.dashboard.admin-password-file to a file with the password of"
                        + " the account admin");
            }
            return;
        }
        String password = Files.readString(passwordFile.get()).strip();
        if (password.length() < SHORTEST) {
            throw new IllegalStateException("The password in " + passwordFile.get() + " has " + password.length()
                    + " characters; at least " + SHORTEST + " are needed");
        }
        if (admins.isEmpty()) {
            Account admin = new Account();
            admin.username = ADMIN;
            admin.password = BcryptUtil.bcryptHash(password);
            admin.roles = String.join(",", Role.VIEWER, Role.RATER, Role.MANAGER, Role.ADMIN);
            entities.persist(admin);
            LOG.info("Account admin was made");
        } else if (!matches(password, admins.get(0).password)) {
            admins.get(0).password = BcryptUtil.bcryptHash(password);
            LOG.info("Account admin has a new password");
        }
    }

    private static boolean matches(String password, String hash) {
        try {
            var stored = ModularCrypt.decode(hash);
            PasswordFactory factory =
                    PasswordFactory.getInstance(stored.getAlgorithm(), WildFlyElytronPasswordProvider.getInstance());
            return factory.verify(factory.translate(stored), password.toCharArray());
        } catch (java.security.GeneralSecurityException e) {
            LOG.warnf("The stored password of admin cannot be read and is replaced: %s", e.getMessage());
            return false;
        }
    }
}
