package org.datman.dashboard.login;

import java.util.List;

/** What people may do. Each role is given in so many words: an admin's account holds all four. */
public final class Role {

    /** Sees everything. */
    public static final String VIEWER = "viewer";
    /** Decides about images and sessions. */
    public static final String RATER = "rater";
    /** Has work done again and sets failures aside. */
    public static final String MANAGER = "manager";
    /** Rebuilds the read model, and says who may log in. */
    public static final String ADMIN = "admin";

    /** From the least to the most; each holds what stands before it. */
    public static final List<String> LADDER = List.of(VIEWER, RATER, MANAGER, ADMIN);

    private Role() {}

    /** What an account with this role holds, comma-separated. */
    static String upTo(String role) {
        return String.join(",", LADDER.subList(0, LADDER.indexOf(role) + 1));
    }
}
