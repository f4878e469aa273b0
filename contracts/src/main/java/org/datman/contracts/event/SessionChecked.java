package org.datman.contracts.event;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a settled session should have held, and what it holds.
 *
 * @param settleRevision the settling that was checked
 * @param study study code
 * @param site site code
 * @param sessionName DATMAN session name
 * @param phantom whether the session is of a phantom and not of a person
 * @param rows one row per tag that is expected or found
 * @param complete whether nothing is missing, repeated, unexpected or still being processed
 * @param reasons what is wrong, as text
 * @param pending series that are not finished yet (the check is published again when they are)
 * @param date the day of the scan, from which the expectation follows
 * @param configRevision study configuration used
 * @param checkRevision grows with each check of this session
 * @param paired the associated files that the study requires on that day; absent in events from before this field existed
 */
@WithBuilder
public record SessionChecked(
        SessionRef session,
        long settleRevision,
        long checkRevision,
        String study,
        String site,
        String sessionName,
        boolean phantom,
        @JsonDeserialize(contentUsing = ScanDay.class) Optional<LocalDate> date,
        List<Row> rows,
        boolean complete,
        List<String> reasons,
        List<String> pending,
        String configRevision,
        Optional<List<Paired>> paired)
        implements Event.OfSession, SessionCheckedBuilder.With {

    /**
     * One tag of the session.
     *
     * @param expected how many are expected on that day; of several accepted numbers the one that {@code found} is compared with
     * @param found how many were exported, whole or in part
     * @param scans XNAT scan ids of those found
     * @param outcome the result
     * @param notWhole XNAT scan ids of those that arrived and have no image, or not all of it; the reasons state why. Absent when there are
     *     none, and in events from before this field existed
     * @param accepted all accepted numbers, ascending; absent when there is one, or any number is right, and in events from before this
     *     field existed
     * @param rule which entry of the study file gave the number, for people; absent for a number without conditions, and in events from
     *     before this field existed
     */
    public record Row(
            String tag,
            int expected,
            int found,
            List<String> scans,
            Outcome outcome,
            Optional<List<String>> notWhole,
            Optional<List<Integer>> accepted,
            Optional<String> rule) {

        /** A row of complete images only. */
        public Row(String tag, int expected, int found, List<String> scans, Outcome outcome) {
            this(tag, expected, found, scans, outcome, Optional.empty(), Optional.empty(), Optional.empty());
        }

        /** The accepted numbers as text: {@code 1 or 2}. */
        public String expectedWords() {
            return accepted.orElse(List.of(expected)).stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(" or "));
        }
    }

    /**
     * Files that a study requires beside its series.
     *
     * @param label what they are
     * @param expected how many there must be at least
     * @param found how many there are that are large enough
     * @param files names of those found
     * @param tooSmall names of those that are there and too small to count
     * @param per the tag whose every series requires its own, or {@code subject}, when they are not required per session
     * @param from first day of scans on which they are required
     * @param to last day of scans on which they are required
     * @param outcome {@code COMPLETE} or {@code MISSING}
     * @param reportedAt name of the subject's first session, which reports what is missing of the subject; absent in that session itself, when
     *     nothing is missing, and for files that are not required per subject
     * @param scansWithout XNAT scan ids of the series that have fewer files of their own than each must have; absent when nothing is missing, for files that
     *     are not required per series, and in events from before this field existed
     */
    @WithBuilder
    public record Paired(
            String label,
            int expected,
            int found,
            List<String> files,
            List<String> tooSmall,
            Optional<String> per,
            Optional<LocalDate> from,
            Optional<LocalDate> to,
            Outcome outcome,
            Optional<String> reportedAt,
            Optional<List<String>> scansWithout) {

        /** Whether files are missing and this session reports it. */
        public boolean reportedHere() {
            return outcome == Outcome.MISSING && reportedAt.isEmpty();
        }
    }

    /** How found compares with expected. */
    public enum Outcome {
        COMPLETE,
        MISSING,
        REPEATED,
        UNEXPECTED,
        INCOMPLETE
    }

    @Override
    public String identity() {
        return session.identity();
    }

    @Override
    public String revision() {
        return settleRevision + "." + checkRevision + "@" + configRevision;
    }

    @Override
    public Optional<ScanId> scanId() {
        return Optional.empty();
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(settleRevision, checkRevision);
    }

    @Override
    public String summary() {
        return complete
                ? "Checked: complete"
                : "Checked: not complete" + (reasons.isEmpty() ? "" : " — " + String.join("; ", reasons));
    }
}
