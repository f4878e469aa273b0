package org.datman.dashboard.login;

import io.quarkus.elytron.security.common.BcryptUtil;
import java.security.GeneralSecurityException;
import org.jboss.logging.Logger;
import org.wildfly.security.password.Password;
import org.wildfly.security.password.PasswordFactory;
import org.wildfly.security.password.WildFlyElytronPasswordProvider;
import org.wildfly.security.password.util.ModularCrypt;

/** Passwords as they are stored: bcrypt in modular crypt format. */
final class Passwords {

    private static final Logger LOG = Logger.getLogger(Passwords.class);

    private Passwords() {}

    static String hash(String password) {
        return BcryptUtil.bcryptHash(password);
    }

    static boolean matches(String password, String hash) {
        try {
            Password stored = ModularCrypt.decode(hash);
            PasswordFactory factory =
                    PasswordFactory.getInstance(stored.getAlgorithm(), WildFlyElytronPasswordProvider.getInstance());
            return factory.verify(factory.translate(stored), password.toCharArray());
        } catch (GeneralSecurityException e) {
            LOG.warnf("A stored password cannot be read and matches nothing error=%s", e.getMessage());
            return false;
        }
    }
}
