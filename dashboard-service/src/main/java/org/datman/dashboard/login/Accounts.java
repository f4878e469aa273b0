package org.datman.dashboard.login;

import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.datman.dashboard.access.Grant;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.audit.AuditLog;
import org.jboss.logging.Logger;

/** The user accounts and their roles. */
@ApplicationScoped
public class Accounts {

    /** Its password is that of the file; it cannot be changed here. */
    static final String SEEDED = "admin";

    private static final Logger LOG = Logger.getLogger(Accounts.class);
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]{1,31}");

    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_-]{0,32}");

    private final AccountRepository accounts;
    private final GrantedRoles granted;
    private final ApiTokens tokens;
    private final LoginSessions logins;
    private final AuditLog audit;

    Accounts(AccountRepository accounts, GrantedRoles granted, ApiTokens tokens, LoginSessions logins, AuditLog audit) {
        this.tokens = tokens;
        this.audit = audit;
        this.accounts = accounts;
        this.granted = granted;
        this.logins = logins;
    }

    /**
     * An account as the page shows it.
     *
     * @param grants its roles
     * @param seeded whether its password comes from a file
     */
    public record Listed(String username, List<Grant> grants, boolean seeded) {}

    /** All accounts, by name. */
    @Transactional
    public List<Listed> all() {
        Map<String, List<Grant>> grants = granted.all();
        return accounts.listAll(Sort.by("username")).stream()
                .map(account -> new Listed(
                        account.getUsername(),
                        grants.getOrDefault(account.getUsername(), List.of()),
                        account.getUsername().equals(SEEDED)))
                .toList();
    }

    /**
     * Creates an account, or changes an existing one: it gets the role, in place of the one that it had for the same study and site
     * ({@link Role#DICOM} in addition), and, unless it is empty, the password.
     *
     * @return what is wrong with the request; empty when it was done
     */
    @Transactional
    Optional<String> put(String username, Grant grant, String password, String by) {
        if (!NAME.matcher(username).matches()) {
            return Optional.of("A name has 2 to 32 small letters, digits, '.', '_' or '-' and begins with a letter");
        }
        Optional<String> wrong = problem(grant);
        if (wrong.isPresent()) {
            return wrong;
        }
        boolean isDicom = grant.role().equals(Role.DICOM);
        if (username.equals(SEEDED) && (!isDicom || !password.isEmpty())) {
            return Optional.of(
                    "The password of " + SEEDED + " comes from its file: change the file, and restart; it is "
                            + Role.ADMIN + ", and can get the role " + Role.DICOM);
        }
        Optional<Account> known = accounts.byName(username);
        if (known.isEmpty() || !password.isEmpty()) {
            Optional<String> problem = PasswordRules.problem(username, password);
            if (problem.isPresent()) {
                return problem;
            }
        }
        Account account = known.orElseGet(() -> {
            Account created = new Account(username, Passwords.hash(password), "");
            accounts.persist(created);
            return created;
        });
        if (!isDicom) {
            granted.of(username).stream()
                    .filter(before -> before.study().equals(grant.study())
                            && before.site().equals(grant.site())
                            && !before.role().equals(Role.DICOM))
                    .forEach(before -> granted.withdraw(username, before));
        }
        granted.grant(username, grant);
        account.setRoles(Role.of(granted.of(username)));
        if (known.isPresent() && !password.isEmpty()) {
            account.setPassword(Passwords.hash(password));
            logins.endAll(username);
        }
        if (known.isEmpty()) {
            audit.record(new AuditLog.Entry("account-created", "", username, ""));
        } else if (!password.isEmpty()) {
            audit.record(new AuditLog.Entry("password-set", "", username, ""));
        }
        audit.record(new AuditLog.Entry("role-granted", grant.study(), username, grant.toString()));
        LOG.infof(
                "Account stored user=%s change=%s role=%s study=%s site=%s by=%s",
                username, known.isEmpty() ? "created" : "changed", grant.role(), grant.study(), grant.site(), by);
        return Optional.empty();
    }

    /** Withdraws a role; the same answers as {@link #put}. An account without roles can log in and sees nothing. */
    @Transactional
    Optional<String> withdraw(String username, Grant grant, String by) {
        if (grant.role().equals(Role.ADMIN) && (username.equals(SEEDED) || username.equals(by))) {
            return Optional.of("Neither " + SEEDED + " nor you can lose the role " + Role.ADMIN
                    + ": somebody must be able to manage accounts");
        }
        Optional<Account> account = accounts.byName(username);
        if (account.isEmpty() || !granted.withdraw(username, grant)) {
            return Optional.of(username + " is no " + grant + " any more");
        }
        account.get().setRoles(Role.of(granted.of(username)));
        audit.record(new AuditLog.Entry("role-withdrawn", grant.study(), username, grant.toString()));
        LOG.infof(
                "Role withdrawn user=%s role=%s study=%s site=%s by=%s",
                username, grant.role(), grant.study(), grant.site(), by);
        return Optional.empty();
    }

    /** What is wrong with a role for a study and site. */
    static Optional<String> problem(Grant grant) {
        if (!Role.ALL.contains(grant.role())) {
            return Optional.of("A role is one of " + String.join(", ", Role.ALL));
        }
        if (grant.study().isEmpty() && !grant.site().isEmpty()) {
            return Optional.of("A site belongs to a study: name the study, too");
        }
        if (!CODE.matcher(grant.study()).matches()
                || !CODE.matcher(grant.site()).matches()) {
            return Optional.of("Codes of studies and sites have letters, digits, '_' and '-'");
        }
        return grant.role().equals(Role.ADMIN) && !grant.study().isEmpty()
                ? Optional.of("The role " + Role.ADMIN + " is for all studies only")
                : Optional.empty();
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
        Optional<String> problem = PasswordRules.problem(username, replacement);
        if (problem.isEmpty()) {
            account.get().setPassword(Passwords.hash(replacement));
            logins.endAll(username);
            audit.record(new AuditLog.Entry("password-changed", "", username, ""));
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
        granted.withdrawAll(username);
        logins.endAll(username);
        tokens.revokeAll(username);
        audit.record(new AuditLog.Entry("account-removed", "", username, ""));
        LOG.infof("Account removed user=%s by=%s", username, by);
        return Optional.empty();
    }

    /** A name for the log: a text that is no valid account name is not logged. */
    static String forLog(String username) {
        return NAME.matcher(username).matches() ? username : "(no user name)";
    }
}
