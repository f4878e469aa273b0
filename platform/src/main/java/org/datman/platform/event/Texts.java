package org.datman.platform.event;

/** The text of an exception, short enough for an event. */
public final class Texts {

    private static final int LONGEST = 1_000;

    private Texts() {}

    /** Class and first line of the message of the root cause. */
    public static String of(Throwable thrown) {
        Throwable bottom = thrown;
        for (int depth = 0; bottom.getCause() != null && depth < 20; depth++) {
            bottom = bottom.getCause();
        }
        return line(bottom);
    }

    /** Class and first line of the message of the exception itself. */
    public static String line(Throwable thrown) {
        return cut(thrown.getClass().getSimpleName() + ": "
                + String.valueOf(thrown.getMessage()).lines().findFirst().orElse(""));
    }

    /** Truncated when it is too long. */
    static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " …";
    }
}
