package org.datman.contracts.event;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What a settled session should have held, and what it holds.
 *
 * @param settleRevision the settling that was judged
 * @param study study code
 * @param site site code
 * @param sessionName DATMAN session name
 * @param phantom whether a thing was scanned and not a person
 * @param rows one row per tag that is expected or found
 * @param complete whether nothing is missing, repeated, unexpected or still in the works
 * @param reasons what is wrong, in words
 * @param pending series that have not reached their end yet (the check is said again when they do)
 * @param date the day of the scan, from which the expectation follows
 * @param configRevision study configuration used
 * @param checkRevision grows with each check of this session
 * @param paired the paired data that the study promises on that day; absent in events of before it was told
 */
public record SessionChecked(
        SessionRef session,
        long settleRevision,
        long checkRevision,
        String study,
        String site,
        String sessionName,
        boolean phantom,
        Optional<String> date,
        List<Row> rows,
        boolean complete,
        List<String> reasons,
        List<String> pending,
        String configRevision,
        Optional<List<Paired>> paired)
        implements Event {

    /**
     * One tag of the session.
     *
     * @param expected how many are expected on that day
     * @param found how many were exported, whole or in part
     * @param scans XNAT scan ids of those found
     * @param outcome the result
     * @param notWhole XNAT scan ids of those that came and have no image, or not all of it; the reasons say why. Absent when there are
     *     none, and in events of before it was told
     */
    public record Row(
            String tag, int expected, int found, List<String> scans, Outcome outcome, Optional<List<String>> notWhole) {

        /** A row of whole images only. */
        public Row(String tag, int expected, int found, List<String> scans, Outcome outcome) {
            this(tag, expected, found, scans, outcome, Optional.empty());
        }
    }

    /**
     * Files that a study promises beside its series.
     *
     * @param label what they are
     * @param expected how many there must be at least
     * @param found how many there are that are large enough
     * @param files names of those found
     * @param tooSmall names of those that are there and too small to count
     * @param per the tag whose every series brings its own, when they are not promised for the session
     * @param from first day of scans on which they are promised
     * @param to last day of scans on which they are promised
     * @param outcome {@code COMPLETE} or {@code MISSING}
     */
    public record Paired(
            String label,
            int expected,
            int found,
            List<String> files,
            List<String> tooSmall,
            Optional<String> per,
            Optional<LocalDate> from,
            Optional<LocalDate> to,
            Outcome outcome) {}

    /** How found stands to expected. */
    public enum Outcome {
        COMPLETE,
        MISSING,
        REPEATED,
        UNEXPECTED,
        INCOMPLETE
    }

    @Override
    public String key() {
        return session.accession();
    }

    @Override
    public String identity() {
        return session.identity();
    }

    @Override
    public String revision() {
        return settleRevision + "." + checkRevision + "@" + configRevision;
    }
}
