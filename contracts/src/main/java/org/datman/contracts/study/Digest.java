package org.datman.contracts.study;

import org.apache.commons.codec.digest.DigestUtils;

/** The short form of a SHA-256 that is used for revisions. */
final class Digest {

    private static final int LENGTH = 12;

    private Digest() {}

    static String of(byte[] bytes) {
        return DigestUtils.sha256Hex(bytes).substring(0, LENGTH);
    }
}
