package org.datman.contracts.event;

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
        String configRevision)
        implements Event {

    /**
     * One tag of the session.
     *
     * @param expected how many are expected on that day
     * @param found how many were exported
     * @param scans XNAT scan ids of those found
     * @param outcome the result
     */
    public record Row(String tag, int expected, int found, List<String> scans, Outcome outcome) {}

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
