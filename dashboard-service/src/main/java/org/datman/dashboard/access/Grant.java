package org.datman.dashboard.access;

/**
 * A role that a person has.
 *
 * @param study code; empty for all studies
 * @param site code; empty for all sites
 */
public record Grant(String role, String study, String site) {

    /** For all studies. */
    public static Grant everywhere(String role) {
        return new Grant(role, "", "");
    }

    /** {@code rater in SPN01 at CMH}. */
    @Override
    public String toString() {
        return role + (study.isEmpty() ? " in all studies" : " in " + study + (site.isEmpty() ? "" : " at " + site));
    }
}
