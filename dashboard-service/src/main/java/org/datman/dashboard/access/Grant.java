package org.datman.dashboard.access;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

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

    /** What of this grant is left when no more than another is allowed; empty when nothing is. */
    public Optional<Grant> within(Grant most) {
        boolean isOtherStudy = !study.isEmpty() && !most.study.isEmpty() && !study.equals(most.study);
        boolean isOtherSite = !site.isEmpty() && !most.site.isEmpty() && !site.equals(most.site);
        if (isOtherStudy || isOtherSite) {
            return Optional.empty();
        }
        Set<String> mine = Role.includedIn(role);
        Set<String> allowed = Role.includedIn(most.role);
        // The one that includes most of what both do.
        return Role.ALL.stream()
                .filter(both -> mine.contains(both) && allowed.contains(both))
                .max(Comparator.comparingInt(both -> Role.includedIn(both).size()))
                .map(both -> new Grant(both, study.isEmpty() ? most.study : study, site.isEmpty() ? most.site : site));
    }

    /** {@code rater in SPN01 at CMH}. */
    @Override
    public String toString() {
        return role + (study.isEmpty() ? " in all studies" : " in " + study + (site.isEmpty() ? "" : " at " + site));
    }
}
