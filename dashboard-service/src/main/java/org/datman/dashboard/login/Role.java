package org.datman.dashboard.login;

/** What people may do. Each role is given in so many words: an admin's account holds all four. */
public final class Role {

    /** Sees everything. */
    public static final String VIEWER = "viewer";
    /** Decides about images and sessions. */
    public static final String RATER = "rater";
    /** Has work done again and sets failures aside. */
    public static final String MANAGER = "manager";
    /** Rebuilds the read model. */
    public static final String ADMIN = "admin";

    private Role() {}
}
