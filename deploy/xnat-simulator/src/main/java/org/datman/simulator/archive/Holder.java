package org.datman.simulator.archive;

/**
 * The owner of resources.
 *
 * @param id of the project, the subject or the session
 * @param scan id of the scan of the session, empty when the owner is no scan
 */
public record Holder(Level level, String id, String scan) {

    /** The levels at which the simulator keeps resources. */
    public enum Level {
        PROJECT,
        SUBJECT,
        SESSION,
        SCAN
    }

    public static Holder project(String id) {
        return new Holder(Level.PROJECT, id, "");
    }

    public static Holder subject(String id) {
        return new Holder(Level.SUBJECT, id, "");
    }

    public static Holder session(String id) {
        return new Holder(Level.SESSION, id, "");
    }

    /** A scan, or the session itself where the scan's id is empty. */
    public static Holder scan(String session, String scan) {
        return new Holder(scan.isEmpty() ? Level.SESSION : Level.SCAN, session, scan);
    }
}
