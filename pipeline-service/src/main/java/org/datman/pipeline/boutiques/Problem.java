package org.datman.pipeline.boutiques;

import java.util.Optional;
import org.datman.contracts.tree.TreeNode;

/**
 * A fault of a descriptor, or of its given values.
 *
 * @param file name of the descriptor
 * @param place where it stands in the file; empty for a fault of the whole, or of given values
 * @param path position, as {@code inputs[2].type}; empty for the whole descriptor
 * @param what the fault
 * @param allowed what would be allowed there
 */
public record Problem(String file, Optional<TreeNode.Place> place, String path, String what, String allowed) {

    /** A fault that stands at no place of the file. */
    public Problem(String file, String path, String what, String allowed) {
        this(file, Optional.empty(), path, what, allowed);
    }

    /** {@code bet.json:7:44: inputs[0].type is "Image"; allowed: …} */
    @Override
    public String toString() {
        String where = place.map(at -> ":" + at.line() + ":" + at.column()).orElse("");
        return file + where + ": " + (path.isEmpty() ? "" : path + " ") + what + "; allowed: " + allowed;
    }
}
