package org.datman.pipeline.boutiques;

import org.datman.contracts.tree.TreeNode;
import org.jspecify.annotations.Nullable;

/**
 * A fault of a descriptor, or of its given values.
 *
 * @param file name of the descriptor
 * @param place where it stands in the file; null for a fault of the whole, or of given values
 * @param path position, as {@code inputs[2].type}; empty for the whole descriptor
 * @param what the fault
 * @param allowed what would be allowed there
 */
public record Problem(String file, TreeNode.@Nullable Place place, String path, String what, String allowed) {

    /** A fault that stands at no place of the file. */
    public Problem(String file, String path, String what, String allowed) {
        this(file, null, path, what, allowed);
    }

    /** {@code bet.json:7:44: inputs[0].type is "Image"; allowed: …} */
    @Override
    public String toString() {
        String where = place == null ? "" : ":" + place.line() + ":" + place.column();
        return file + where + ": " + (path.isEmpty() ? "" : path + " ") + what + "; allowed: " + allowed;
    }
}
