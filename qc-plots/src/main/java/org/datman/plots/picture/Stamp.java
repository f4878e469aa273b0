package org.datman.plots.picture;

/** The stamp on every picture. */
public final class Stamp {

    /** Raise it whenever the same image would result in another picture. */
    public static final String VERSION = "DATMAN PICTURES 4";

    private Stamp() {}

    /** A shortened name for a picture: its beginning and its end, with tag and number, are kept. */
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
