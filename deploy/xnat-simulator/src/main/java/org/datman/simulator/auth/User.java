package org.datman.simulator.auth;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An account.
 *
 * @param projects ids of the projects it may read; null for all
 * @param editor whether it may write where it may read
 * @param admin whether it may use the site-wide parts of {@code /xapi}
 */
public record User(
        String name,
        String password,
        @Nullable Set<String> projects,
        boolean editor,
        boolean admin,
        Condition condition) {

    /** Reasons why an account cannot log in. */
    public enum Condition {
        GOOD,
        PASSWORD_EXPIRED,
        LOCKED,
        DISABLED
    }

    /** Whoever has not logged in: no rights. */
    public static final User GUEST = reader("", "", Set.of());

    /** An account with all rights. */
    public static User full(String name, String password) {
        return new User(name, password, null, true, true, Condition.GOOD);
    }

    /** An account that may read some projects and write nothing. */
    public static User reader(String name, String password, Set<String> projects) {
        return new User(name, password, Set.copyOf(projects), false, false, Condition.GOOD);
    }

    public User with(Condition newCondition) {
        return new User(name, password, projects, editor, admin, newCondition);
    }

    public boolean canRead(String project) {
        return projects == null || projects.contains(project);
    }

    public boolean canEdit(String project) {
        return editor && canRead(project);
    }
}
