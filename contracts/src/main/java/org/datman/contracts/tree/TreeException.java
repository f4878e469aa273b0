package org.datman.contracts.tree;

import java.util.Optional;

/** A file that is no YAML or JSON, or larger than any file of ours. */
public final class TreeException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient TreeNode.Place place;
    private final String allowed;

    TreeException(TreeNode.Place place, String problem, String allowed, Throwable cause) {
        super(problem, cause);
        this.place = place;
        this.allowed = allowed;
    }

    /** Where; empty when it is the file as a whole. */
    public Optional<TreeNode.Place> place() {
        return Optional.ofNullable(place);
    }

    /** What would be right. */
    public String allowed() {
        return allowed;
    }
}
