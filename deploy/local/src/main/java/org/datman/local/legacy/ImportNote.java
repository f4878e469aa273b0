package org.datman.local.legacy;

/**
 * What became of a setting or file of the old installation.
 *
 * @param place the file, and its line where there is one: {@code SPN.yml:12}
 * @param key path of the key, or name of the file
 * @param message what became of it
 * @param action what a person can do; empty when there is nothing to do
 */
public record ImportNote(Outcome outcome, String place, String key, String message, String action) {

    /** How much of it is in the new configuration. */
    public enum Outcome {
        /** With the same meaning. */
        CARRIED("Carried over"),
        /** With another meaning, or not needed any more. */
        CHANGED("Changed"),
        /** Not at all. */
        LEFT("Not carried over");

        private final String title;

        Outcome(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    @Override
    public String toString() {
        return place + ": " + key + ": " + message + (action.isEmpty() ? "" : "; " + action);
    }
}
