package org.datman.simulator.scanner;

import java.math.BigInteger;
import java.util.Arrays;
import org.apache.commons.codec.digest.DigestUtils;

/** UIDs below 2.25 (an UUID as a number, DICOM PS3.5 B.2) that follow from names alone, so that a scenario always gives the same. */
final class Uids {
    static final String MR_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.4";

    private Uids() {}

    /** The UID of a name: its SHA-256, shortened to a version 8 UUID (RFC 9562). */
    static String of(Object... name) {
        byte[] uuid = Arrays.copyOf(DigestUtils.sha256(Arrays.toString(name)), 16);
        uuid[6] = (byte) (uuid[6] & 0x0F | 0x80);
        uuid[8] = (byte) (uuid[8] & 0x3F | 0x80);
        return "2.25." + new BigInteger(1, uuid);
    }

    /** A seed for pixels, from names. */
    static long seed(Object... name) {
        return new BigInteger(Arrays.copyOf(DigestUtils.sha256(Arrays.toString(name)), 8)).longValue();
    }

    static String hex(String text) {
        return DigestUtils.sha256Hex(text);
    }
}
