package org.datman.pipeline.boutiques;

/**
 * A fault of a descriptor, or of its given values.
 *
 * @param file name of the descriptor
 * @param path position, as {@code inputs[2].type}; empty for the whole descriptor
 * @param what the fault
 * @param allowed what would be allowed there
 */
public record Problem(String file, String path, String what, String allowed) {

    @Override
    public String toString() {
        return file + ": " + (path.isEmpty() ? "" : path + " ") + what + "; allowed: " + allowed;
    }
}
