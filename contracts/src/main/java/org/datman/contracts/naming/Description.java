package org.datman.contracts.naming;

import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;

/** Makes the description part of a file name from what the scanner's operator typed. */
public final class Description {

    private static final Pattern OTHER = Pattern.compile("[^A-Za-z0-9.+]+");
    private static final Pattern LEADING_DOTS = Pattern.compile("^[.-]*\\.[.-]*");
    private static final Pattern INNER_EXTENSION = Pattern.compile("(?i)\\.(" + Extension.ALTERNATIVES + ")");
    private static final int HASH = 8;

    private Description() {}

    /**
     * Each run of characters other than A-Z, a-z, 0-9, {@code .} and {@code +} becomes one dash; so do leading dots and
     * the dot of anything that would read as a file extension ({@code T1.nii} becomes {@code T1-nii}). The result is
     * ASCII without path separators or leading dot, and mangling it again changes nothing.
     */
    public static String mangle(String text) {
        if (text == null) {
            return "";
        }
        String dashed = OTHER.matcher(text).replaceAll("-");
        String noDots = LEADING_DOTS.matcher(dashed).replaceAll("-");
        String noExtension = INNER_EXTENSION.matcher(noDots).replaceAll("-$1");
        return OTHER.matcher(noExtension).replaceAll("-");
    }

    /**
     * Shortens a mangled description to the given length. The end is replaced by a dash and eight hexadecimal digits of
     * the SHA-256 of the whole, so that descriptions that differ only in their cut-off end keep different names.
     */
    static String shorten(String mangled, int length) {
        if (mangled.length() <= length) {
            return mangled;
        }
        return mangled.substring(0, length - HASH - 1) + "-"
                + DigestUtils.sha256Hex(mangled).substring(0, HASH);
    }
}
