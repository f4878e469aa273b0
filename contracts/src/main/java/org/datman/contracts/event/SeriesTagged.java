package org.datman.contracts.event;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.datman.contracts.metric.QcKind;

/**
 * The tag of a series, its name, and the reason.
 *
 * @param seriesRevision the revision of the series that was tagged
 * @param decision the outcome
 * @param study study code, when known
 * @param site site code, when known
 * @param sessionName DATMAN session name, when known
 * @param phantom whether the session is of a phantom and not of a person
 * @param scan XNAT's scan id
 * @param seriesNumber DICOM series number, when known
 * @param uid SeriesInstanceUID, when known
 * @param description SeriesDescription, unchanged
 * @param assignments the tags and names; more than one only when a series holds several echoes or parts that have tags of their own
 * @param reason in one sentence, for all decisions
 * @param explanation per tag, nearest first, each clause and whether it matched
 * @param resource XNAT resource with the DICOM files
 * @param fileCount number of files there
 * @param fingerprint of the file listing, from the series
 * @param date day of the scan, when it is known
 * @param configRevision the study configuration used
 * @param keptDicom how its DICOM file is kept, when the study does not have the default ({@code BLANKED})
 * @param burnedInText what becomes of it if its pixels may show text about the person, when the study does not have the default
 *     ({@code WITHHELD})
 * @param checks the checks of its tags that it does not meet; those of a tag that it lost by them are among them
 * @param assigned the person's assignment that it follows, when it follows one and not the rules
 */
@WithBuilder
public record SeriesTagged(
        SessionRef session,
        long seriesRevision,
        Decision decision,
        Optional<String> study,
        Optional<String> site,
        Optional<String> sessionName,
        boolean phantom,
        String scan,
        Optional<Long> seriesNumber,
        Optional<String> uid,
        String description,
        List<Assignment> assignments,
        Reason reason,
        List<TagExplanation> explanation,
        Optional<String> resource,
        long fileCount,
        String fingerprint,
        @JsonDeserialize(contentUsing = ScanDay.class) Optional<LocalDate> date,
        String configRevision,
        Optional<KeptDicom> keptDicom,
        Optional<BurnedInText> burnedInText,
        Optional<List<FailedCheck>> checks,
        Optional<SeriesAssigned.Assigned> assigned)
        implements Event.OfSession, SeriesTaggedBuilder.With {

    /** The outcome of tagging. */
    public enum Decision {
        TAGGED,
        UNMATCHED,
        AMBIGUOUS,
        IGNORED,
        UNNAMED,
        NOT_CONVERTIBLE,
        REMOVED
    }

    /**
     * A tag for a series or for one echo or part of it.
     *
     * @param tag such as {@code T1} or {@code DTI60-1000}
     * @param stem file name without extension
     * @param qcKind how it is measured: {@code anat, bold, dwi, fbirn, adni, dti-phantom, acr, fmap, ignore}
     * @param formats what is kept: {@code nii}, {@code dcm}
     * @param echoNumber only this echo of the series, when set
     * @param part only this part of the series ({@code magnitude, phase, real, imaginary, fieldmap}), when set
     * @param combine when set, all series of the session with this tag and this text are parts of one image
     * @param derived true: only what was computed from the others (an ADC map appended to a diffusion series); else only the others
     * @param phaseEncodingDirection only images with this direction ({@code i, i-, j, j-, k, k-}), when set
     */
    @WithBuilder
    public record Assignment(
            String tag,
            String stem,
            String qcKind,
            List<String> formats,
            Optional<Integer> echoNumber,
            Optional<String> part,
            Optional<String> combine,
            Optional<Boolean> derived,
            Optional<String> phaseEncodingDirection)
            implements SeriesTaggedAssignmentBuilder.With {

        /** An image of a kind that is not known would be measured as what it is not: such an event is refused. */
        public Assignment {
            QcKind.of(qcKind);
        }
    }

    /** The result of one tag's rules. */
    public record TagExplanation(String tag, boolean matched, List<Clause> clauses) {}

    /** One clause compared with one value. */
    public record Clause(String field, String expected, String actual, boolean matched) {}

    /**
     * A check of a tag that the series does not meet.
     *
     * @param field {@code Header.<keyword>} or another field of a rule
     * @param expected the condition in words
     * @param actual the value found
     * @param action {@code warn}: the series keeps the tag; {@code exclude}: it lost it, unless a person assigned it
     * @param message of the study: what is wrong then
     */
    public record FailedCheck(String tag, String field, String expected, String actual, String action, String message) {

        /** Whether the series loses that tag by it. */
        public boolean excludes(String ofTag) {
            return action.equals("exclude") && tag.equals(ofTag);
        }

        /** For people. */
        public String text() {
            return "check of " + tag + " failed: " + message + " (" + field + " is '" + actual + "', expected "
                    + expected + ")";
        }
    }

    /** The failed checks; empty when none failed. */
    public List<FailedCheck> failedChecks() {
        return checks.orElse(List.of());
    }

    /** What the series has in common with the other parts of its image; empty when it is an image by itself. */
    public Optional<String> combined() {
        List<String> groups = assignments.stream()
                .flatMap(one -> one.combine().map(common -> one.tag() + " " + common).stream())
                .sorted()
                .toList();
        return decision != Decision.TAGGED || groups.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(" ", groups));
    }

    @Override
    public String identity() {
        return session.identity() + "/" + scan;
    }

    @Override
    public String revision() {
        return seriesRevision + "@" + configRevision;
    }

    @Override
    public Optional<ScanId> scanId() {
        return Optional.of(new ScanId(scan));
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(seriesRevision);
    }

    @Override
    public String summary() {
        String tags = assignments.stream().map(Assignment::tag).distinct().collect(Collectors.joining(", "));
        return "Series " + scan + " is " + Summaries.words(decision) + (tags.isEmpty() ? "" : ": " + tags);
    }
}
