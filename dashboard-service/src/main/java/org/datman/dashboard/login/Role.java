package org.datman.dashboard.login;

import java.util.List;

/** The roles. Each role is stored explicitly: an admin's account has all four. */
public final class Role {

    /** Sees everything. */
    public static final String VIEWER = "viewer";
    /** Decides about images and sessions. */
    public static final String RATER = "rater";
    /** Requests reprocessing and dismisses failures. */
    public static final String MANAGER = "manager";
    /** Rebuilds the read model, and manages the accounts. */
    public static final String ADMIN = "admin";

    /** From the lowest to the highest; each includes those before it. */
    public static final List<String> LADDER = List.of(VIEWER, RATER, MANAGER, ADMIN);

    private Role() {}

    /** The roles of an account with this role, comma-separated. */
    static String upTo(String role) {
        return String.join(",", LADDER.subList(0, LADDER.indexOf(role) + 1));
    }
}
