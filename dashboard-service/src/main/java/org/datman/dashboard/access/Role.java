package org.datman.dashboard.access;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The roles. A person has each for a study, for a site of a study, or for all studies. */
public final class Role {

    /** Sees sessions, results and files, except kept DICOM. */
    public static final String VIEWER = "viewer";
    /** Decides about images and sessions. */
    public static final String RATER = "rater";
    /** Looks after the scanners of a site: acknowledges alarms. */
    public static final String TECHNOLOGIST = "technologist";
    /** Sets gold standards, acknowledges alarms. */
    public static final String PHYSICIST = "physicist";
    /** Requests reprocessing, assigns tags, dismisses failures; also does what rater, technologist and physicist do. */
    public static final String MANAGER = "manager";
    /** Rebuilds the read model, manages accounts, reads the audit log; always for all studies. */
    public static final String ADMIN = "admin";
    /** Downloads kept DICOM. No other role includes it. */
    public static final String DICOM = "dicom";

    /** All of them, from the one that may least. */
    public static final List<String> ALL = List.of(VIEWER, RATER, TECHNOLOGIST, PHYSICIST, MANAGER, ADMIN, DICOM);

    private Role() {}

    /** The roles that a role includes, itself among them. */
    public static Set<String> includedIn(String role) {
        return switch (role) {
            case VIEWER -> Set.of(VIEWER);
            case RATER, TECHNOLOGIST, PHYSICIST, DICOM -> Set.of(VIEWER, role);
            case MANAGER -> Set.of(VIEWER, RATER, TECHNOLOGIST, PHYSICIST, MANAGER);
            case ADMIN -> Set.of(VIEWER, RATER, TECHNOLOGIST, PHYSICIST, MANAGER, ADMIN);
            default -> Set.of();
        };
    }

    /** All roles that grants include, anywhere: comma-separated, as an account stores them. */
    public static String of(Collection<Grant> grants) {
        Set<String> all = grants.stream()
                .flatMap(grant -> includedIn(grant.role()).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return ALL.stream().filter(all::contains).collect(Collectors.joining(","));
    }
}
