package org.datman.local.chaos.check;

/**
 * A property that did not hold.
 *
 * @param kind which property
 * @param where session, series, topic or file
 * @param what what is wrong there
 */
public record Violation(Kind kind, String where, String what) {

    /** The properties of a run. */
    public enum Kind {
        /** Something that XNAT has was not processed to its end, and no failure says why. */
        LOST,
        /** Work was published twice: two exports of one revision, two measurements, two runs. */
        TWICE,
        /** Events with one id differ in more than their times. */
        ID_REUSED,
        /** Events about one thing are in another order than that of their revisions, or in two partitions. */
        ORDER,
        /** A published file is not in the archive, or has another digest. */
        PUBLISHED_FILE,
        /** Files or numbers of a session differ from those of the calm session with the same scans. */
        DIFFERS_FROM_CALM,
        /** The read model differs from the one that is rebuilt from the topics. */
        READ_MODEL,
        /** A record was put on a dead-letter topic. */
        DEAD_LETTER,
        /** A failure is still open after all outages ended. */
        OPEN_FAILURE,
        /** The system did not become quiet in time. */
        NOT_QUIET
    }
}
