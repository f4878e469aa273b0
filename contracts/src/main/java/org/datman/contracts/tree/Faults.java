package org.datman.contracts.tree;

/** Receives the faults of a file while it is read. */
@FunctionalInterface
public interface Faults {

    /**
     * One fault.
     *
     * @param key path of the key, as {@code Sites.CMH.Tags}; empty for the whole file
     * @param problem what is wrong
     * @param allowed what would be right
     */
    void add(TreeNode.Place place, String key, String problem, String allowed);
}
