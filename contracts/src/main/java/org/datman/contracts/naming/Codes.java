package org.datman.contracts.naming;

/** The codes of a study configuration that become fields of names. */
public final class Codes {

    private Codes() {}

    /** @throws NamingException when the text cannot be the tag of a file name */
    public static String requireTag(String tag) {
        return Fields.tag(tag, tag);
    }

    /** @throws NamingException when the text cannot be a study or site code */
    public static String requireCode(String field, String code) {
        return Fields.code(code, field, code);
    }
}
