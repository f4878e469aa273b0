package org.datman.platform.event;

/** What an exception says, short enough for an event. */
public final class Texts {

    private static final int LONGEST = 1_000;

    private Texts() {}

    /** Kind and first line of the message of what lies at the bottom of it. */
    public static String of(Throwable thrown) {
        Throwable bottom = thrown;
        for (int depth = 0; bottom.getCause() != null && depth < 20; depth++) {
            bottom = bottom.getCause();
        }
        return line(bottom);
    }

    /** Kind and first line of the message, of the exception itself. */
    static String line(Throwable thrown) {
        return cut(thrown.getClass().getSimpleName() + ": "
                + String.valueOf(thrown.getMessage()).lines().findFirst().orElse(""));
    }

    /** The beginning, when it is long. */
    static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " …";
    }
}
