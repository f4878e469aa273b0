package org.datman.dashboard.login;

import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** The user accounts and their roles. */
@ApplicationScoped
public class Accounts {

    /** Its password is that of the file; it cannot be changed here. */
    static final String SEEDED = "admin";

    private static final Logger LOG = Logger.getLogger(Accounts.class);
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]{1,31}");

    private final AccountRepository accounts;
    private final LoginSessions logins;

    Accounts(AccountRepository accounts, LoginSessions logins) {
        this.accounts = accounts;
        this.logins = logins;
    }

    /**
     * An account as the page shows it.
     *
     * @param role the highest on the ladder that it holds
     * @param seeded whether its password comes from a file
     */
    public record Listed(String username, String role, boolean seeded) {}

    /** All accounts, by name. */
    @Transactional
    public List<Listed> all() {
        return accounts.listAll(Sort.by("username")).stream()
                .map(account -> new Listed(
                        account.getUsername(),
                        account.getRoles().substring(account.getRoles().lastIndexOf(',') + 1),
                        account.getUsername().equals(SEEDED)))
                .toList();
    }

    /**
     * Creates an account, or changes the role and, unless it is empty, the password of an existing one.
     *
     * @return what is wrong with the request; empty when it was done
     */
    @Transactional
    Optional<String> put(String username, String role, String password, String by) {
        if (!NAME.matcher(username).matches()) {
            return Optional.of("A name has 2 to 32 small letters, digits, '.', '_' or '-' and begins with a letter");
        }
        if (!Role.LADDER.contains(role)) {
            return Optional.of("A role is one of " + String.join(", ", Role.LADDER));
        }
        if (username.equals(SEEDED)) {
            return Optional.of("The password of " + SEEDED + " comes from its file: change the file, and restart");
        }
        Optional<Account> known = accounts.byName(username);
        if (known.isEmpty() || !password.isEmpty()) {
            Optional<String> problem = problem(password);
            if (problem.isPresent()) {
                return problem;
            }
        }
        if (known.isEmpty()) {
            accounts.persist(new Account(username, Passwords.hash(password), Role.upTo(role)));
        } else {
            known.get().setRoles(Role.upTo(role));
        }
        if (known.isPresent() && !password.isEmpty()) {
            known.get().setPassword(Passwords.hash(password));
            logins.endAll(username);
        }
        LOG.infof(
                "Account stored user=%s change=%s role=%s by=%s",
                username, known.isEmpty() ? "created" : "changed", role, by);
        return Optional.empty();
    }

    /** Changes one's own password; the same answers as {@link #put}. */
    @Transactional
    Optional<String> changeOwn(String username, String current, String replacement) {
        if (username.equals(SEEDED)) {
            return Optional.of("The password of " + SEEDED + " comes from its file: change the file, and restart");
        }
        Optional<Account> account =
                accounts.byName(username).filter(known -> Passwords.matches(current, known.getPassword()));
        if (account.isEmpty()) {
            return Optional.of("The current password is wrong");
        }
        Optional<String> problem = problem(replacement);
        if (problem.isEmpty()) {
            account.get().setPassword(Passwords.hash(replacement));
            logins.endAll(username);
            LOG.infof("Account has a new password user=%s", username);
        }
        return problem;
    }

    /** Removes an account; its decisions stay, with its name. */
    @Transactional
    Optional<String> remove(String username, String by) {
        if (username.equals(SEEDED) || username.equals(by)) {
            return Optional.of(
                    "Neither " + SEEDED + " nor your account can be removed: somebody must be able to log in");
        }
        Optional<Account> account = accounts.byName(username);
        if (account.isEmpty()) {
            return Optional.of("There is no account " + username + " any more");
        }
        accounts.delete(account.get());
        logins.endAll(username);
        LOG.infof("Account removed user=%s by=%s", username, by);
        return Optional.empty();
    }

    /** A name for the log: a text that is no valid account name is not logged. */
    static String forLog(String username) {
        return NAME.matcher(username).matches() ? username : "(no user name)";
    }

    private static Optional<String> problem(String password) {
        int bytes = password.getBytes(StandardCharsets.UTF_8).length;
        return password.length() < Passwords.SHORTEST || bytes > Passwords.LONGEST
                ? Optional.of("A password has at least " + Passwords.SHORTEST + " characters and at most "
                        + Passwords.LONGEST + " bytes")
                : Optional.empty();
    }
}
