package org.datman.bids.expression;

/** What the names in an expression stand for. */
public interface Scope {

    /** The value of a name; {@link Absent#UNDEFINED} if there is none. */
    Object get(String name);

    /**
     * Whether a path is there.
     *
     * @param where {@code dataset}, {@code subject}, {@code stimuli} or {@code file}: what the path is relative to
     */
    boolean exists(String path, String where);
}
