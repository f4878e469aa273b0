package org.datman.metrics.picture;

/** What every picture says about itself. */
public final class Stamp {

    /** Raise it whenever the same image would give another picture. */
    public static final String VERSION = "DATMAN PICTURES 4";

    private Stamp() {}

    /** A name that fits on a picture: its beginning and its end, where tag and number stand, are kept. */
    static String shortened(String name, int most) {
        if (name.length() <= most) {
            return name;
        }
        if (most < 8) {
            return name.substring(0, Math.max(0, most));
        }
        int head = (most - 3 + 1) / 2;
        return name.substring(0, head) + "..." + name.substring(name.length() - (most - 3 - head));
    }
}
