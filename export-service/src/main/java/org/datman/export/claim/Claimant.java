package org.datman.export.claim;

import java.util.Collection;
import java.util.List;

/**
 * What was refused a name, as it is now.
 *
 * @param served whether it is exported as it should be, or should not be exported any more
 * @param paths that it has in the archive, or may have after an export that was interrupted
 */
public record Claimant(boolean served, Collection<String> paths) {

    /** Of which nothing is stored yet. */
    public static final Claimant UNKNOWN = new Claimant(false, List.of());

    public Claimant {
        paths = List.copyOf(paths);
    }
}
