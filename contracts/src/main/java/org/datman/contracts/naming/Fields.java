package org.datman.contracts.naming;

import java.util.Locale;
import java.util.regex.Pattern;

/** The single fields of identifiers and file names, each with its rule. Every method returns the value or throws. */
final class Fields {

    /** Five fields and four underscores of an identifier; leaves room for tag, series and description in a stem. */
    static final int MAX_ID = 100;

    private static final int MAX_FIELD = 32;
    private static final Pattern CODE = Pattern.compile("[A-Z0-9]{1," + MAX_FIELD + "}");
    private static final String CODE_ALLOWED = "1 to " + MAX_FIELD + " of A-Z and 0-9";
    private static final Pattern PHANTOM_TYPE = Pattern.compile("[A-Z]{3}");
    private static final Pattern PHANTOM_NUMBER = Pattern.compile("[0-9]{4,6}");
    private static final Pattern MODALITY = Pattern.compile("[A-Z]{2,4}");
    private static final Pattern TAG = Pattern.compile("[A-Za-z][A-Za-z0-9+-]{0," + (MAX_FIELD - 1) + "}");
    private static final Pattern SERIES = Pattern.compile("[0-9]{1,12}");

    /** What an IS of DICOM, which has 12 characters at most, can hold. */
    private static final long LARGEST_SERIES = 999_999_999_999L;

    private Fields() {}

    static String code(String input, String field, String value) {
        if (value.isEmpty()) {
            throw new NamingException(input, field, "is empty", CODE_ALLOWED);
        }
        if (!CODE.matcher(value).matches()) {
            throw new NamingException(input, field, wrong(value), CODE_ALLOWED);
        }
        return value;
    }

    static String subject(String input, String value) {
        code(input, "subject", value);
        if (value.startsWith("PHA") || value.endsWith("PHA")) {
            throw new NamingException(
                    input,
                    "subject",
                    "'" + value + "' begins or ends with PHA, which is kept for phantoms",
                    CODE_ALLOWED + ", or a phantom as STUDY_SITE_PHA_TYPEnnnn");
        }
        return value;
    }

    static String session(String input, String value) {
        String allowed = CODE_ALLOWED + ", not XX, not beginning with MR or SE, for example 01";
        if (value.isEmpty()) {
            throw new NamingException(input, "session", "is empty after the last underscore", allowed);
        }
        if (!CODE.matcher(value).matches()) {
            throw new NamingException(input, "session", wrong(value), allowed);
        }
        if (value.equals("XX") || value.startsWith("MR") || value.startsWith("SE")) {
            throw new NamingException(input, "session", "'" + value + "' is not a repeat", allowed);
        }
        return value;
    }

    static String phantomType(String input, String value) {
        return match(input, "phantom type", PHANTOM_TYPE, value, "3 upper-case letters, for example ADN");
    }

    static String phantomNumber(String input, String value) {
        return match(input, "phantom number", PHANTOM_NUMBER, value, "4 to 6 digits");
    }

    static String modality(String input, String value) {
        return match(input, "modality", MODALITY, value, "2 to 4 upper-case letters, for example MR");
    }

    static String tag(String input, String value) {
        return match(
                input,
                "tag",
                TAG,
                value,
                "a letter, then up to 31 of letters, digits, + and -, for example DTI60-1000");
    }

    static String series(String input, String value) {
        String allowed = "digits, at most " + LARGEST_SERIES;
        return match(input, "series", SERIES, value, allowed);
    }

    static String match(String input, String field, Pattern pattern, String value, String allowed) {
        if (!pattern.matcher(value).matches()) {
            throw new NamingException(input, field, value.isEmpty() ? "is empty" : wrong(value), allowed);
        }
        return value;
    }

    private static String wrong(String value) {
        String shown = "'" + NamingException.shown(value) + "'";
        String upper = value.toUpperCase(Locale.ROOT);
        if (!upper.equals(value) && CODE.matcher(upper).matches()) {
            return shown + " has lower-case letters (did you mean " + upper + "?)";
        }
        return shown + " has the wrong form";
    }
}
