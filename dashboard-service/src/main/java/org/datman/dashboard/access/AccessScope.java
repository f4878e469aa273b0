package org.datman.dashboard.access;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * What a request may see: the studies and sites where a person has one of the roles that the request needs.
 *
 * @param everything whether it is all studies, and what belongs to none
 * @param wholeStudies codes of the studies with all of their sites
 * @param sites {@code STUDY/SITE}
 */
public record AccessScope(boolean everything, Set<String> wholeStudies, Set<String> sites) {

    /** No study at all. */
    public static final AccessScope NOTHING = new AccessScope(false, Set.of(), Set.of());

    /** All of it: background work, and people with a role for all studies. */
    public static final AccessScope EVERYTHING = new AccessScope(true, Set.of(), Set.of());

    public AccessScope {
        wholeStudies = Set.copyOf(wholeStudies);
        sites = Set.copyOf(sites);
    }

    /** Where grants include one of the roles. */
    public static AccessScope of(Collection<Grant> grants, Set<String> roles) {
        Set<String> studies = new HashSet<>();
        Set<String> sites = new HashSet<>();
        for (Grant grant : grants) {
            if (Role.includedIn(grant.role()).stream().noneMatch(roles::contains)) {
                continue;
            }
            if (grant.study().isEmpty()) {
                return EVERYTHING;
            }
            if (grant.site().isEmpty()) {
                studies.add(grant.study());
            } else {
                sites.add(grant.study() + "/" + grant.site());
            }
        }
        return new AccessScope(false, studies, sites);
    }

    /** Whether something of the study may be seen: then so may what belongs to no site of it. */
    public boolean study(String code) {
        return wholeStudy(code) || sites.stream().anyMatch(site -> site.startsWith(code + "/"));
    }

    /** Whether all sites of the study may be seen. */
    public boolean wholeStudy(String code) {
        return everything || wholeStudies.contains(code);
    }

    /** Whether the site of the study may be seen. */
    public boolean site(String study, String site) {
        return wholeStudy(study) || sites.contains(study + "/" + site);
    }

    /** The codes of all studies of which something may be seen, unless it is everything. */
    Set<String> studies() {
        Set<String> all = new HashSet<>(wholeStudies);
        sites.forEach(site -> all.add(site.substring(0, site.indexOf('/'))));
        return all;
    }
}
