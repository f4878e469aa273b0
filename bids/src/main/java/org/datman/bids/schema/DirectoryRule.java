package org.datman.bids.schema;

import java.util.Set;

/**
 * A folder that a dataset may have.
 *
 * @param rule where it is in the schema
 * @param names the names it may have; empty where only the prefix counts
 * @param prefix {@code sub-}; empty where it has none
 * @param opaque whether the rules stop at it
 */
public record DirectoryRule(String rule, Set<String> names, String prefix, boolean opaque) {

    public boolean allows(String name) {
        return names.contains(name) || !prefix.isEmpty() && name.startsWith(prefix);
    }
}
