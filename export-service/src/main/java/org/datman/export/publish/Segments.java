package org.datman.export.publish;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Turns ids from XNAT into safe file names. */
public final class Segments {

    private Segments() {}

    /** Percent-encoded, without a leading dot: one segment of a path, different for different ids. */
    public static String of(String id) {
        String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
        return encoded.startsWith(".") ? "%2E" + encoded.substring(1) : encoded;
    }

    /**
     * The id encoded in a segment.
     *
     * @throws IllegalArgumentException when it does not encode an id
     */
    public static String id(String segment) {
        String id = URLDecoder.decode(segment, StandardCharsets.UTF_8);
        if (!of(id).equals(segment)) {
            throw new IllegalArgumentException("'" + segment + "' does not encode an id");
        }
        return id;
    }
}
