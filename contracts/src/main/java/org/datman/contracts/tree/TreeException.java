package org.datman.contracts.tree;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file that is no YAML or JSON, or larger than any file of ours. */
public final class TreeException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient TreeNode.@Nullable Place place;
    private final String allowed;

    TreeException(TreeNode.@Nullable Place place, String problem, String allowed, @Nullable Throwable cause) {
        super(problem, cause);
        this.place = place;
        this.allowed = allowed;
    }

    /** What is wrong; never null, unlike that of other exceptions. */
    @Override
    public String getMessage() {
        return Objects.requireNonNullElse(super.getMessage(), "");
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
