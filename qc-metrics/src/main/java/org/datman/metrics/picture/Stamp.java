package org.datman.metrics.picture;

/** What every picture says about itself. */
public final class Stamp {

    /** Raise it whenever the same image would give another picture. */
    public static final String VERSION = "DATMAN PICTURES 3";

    private Stamp() {}

    /** A series name that fits on a picture. */
    static String shortened(String name, int most) {
        return name.length() <= most ? name : name.substring(0, Math.max(0, most - 3)) + "...";
    }
}
