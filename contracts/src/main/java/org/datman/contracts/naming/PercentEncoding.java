package org.datman.contracts.naming;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Percent-encoding of one part of an address or path (RFC 3986, 2.1), of UTF-8: letters, digits, {@code -}, {@code .} and {@code _}
 * stay. The JDK's own is that of forms, with a plus for a blank.
 */
public final class PercentEncoding {

    private PercentEncoding() {}

    /** Encoded, so that no character of the part has a meaning in an address, a path or a file name. */
    public static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }

    /**
     * Decoded; a plus is a plus.
     *
     * @throws IllegalArgumentException when a percent sign is followed by something else than two hexadecimal digits
     */
    public static String decode(String part) {
        return decodeForm(part.replace("+", "%2B"));
    }

    /**
     * Decoded as a part of a form or a query, where a plus is a blank.
     *
     * @throws IllegalArgumentException when a percent sign is followed by something else than two hexadecimal digits
     */
    public static String decodeForm(String part) {
        return URLDecoder.decode(part, StandardCharsets.UTF_8);
    }
}
