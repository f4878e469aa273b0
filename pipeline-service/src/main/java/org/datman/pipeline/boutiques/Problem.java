package org.datman.pipeline.boutiques;

/**
 * A fault of a descriptor, or of the values that it was given.
 *
 * @param file name of the descriptor
 * @param path where in it, as {@code inputs[2].type}; empty for the whole
 * @param what what is wrong there
 * @param allowed what would be right
 */
public record Problem(String file, String path, String what, String allowed) {

    @Override
    public String toString() {
        return file + ": " + (path.isEmpty() ? "" : path + " ") + what + "; allowed: " + allowed;
    }
}
