package org.datman.contracts.archive;

import org.datman.contracts.naming.PercentEncoding;

/** Turns ids from XNAT into safe file names. */
public final class Segments {

    private Segments() {}

    /** Percent-encoded, without a leading dot: one segment of a path, different for different ids. */
    public static String of(String id) {
        String encoded = PercentEncoding.encode(id);
        return encoded.startsWith(".") ? "%2E" + encoded.substring(1) : encoded;
    }

    /**
     * The id encoded in a segment.
     *
     * @throws IllegalArgumentException when it does not encode an id
     */
    public static String id(String segment) {
        String id = PercentEncoding.decode(segment);
        if (!of(id).equals(segment)) {
            throw new IllegalArgumentException("'" + segment + "' does not encode an id");
        }
        return id;
    }
}
