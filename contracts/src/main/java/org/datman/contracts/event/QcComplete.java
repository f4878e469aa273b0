package org.datman.contracts.event;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured on one exported image, and the verdict.
 *
 * @param seriesRevision the revision of the series behind it
 * @param study study code
 * @param site site code
 * @param sessionName DATMAN session name
 * @param scan XNAT's scan id
 * @param stem the image that was measured
 * @param tag its tag
 * @param phantom whether the session is of a phantom and not of a person; absent in events from before this field existed
 * @param date day of the scan, when it is known
 * @param acquisition what it was scanned with; absent in events from before this field existed
 * @param kind how it was measured
 * @param metrics every number, or why there is none
 * @param flags what was found in the image: dropouts, spikes, ghosts …
 * @param headerDifferences what differs from the gold standard
 * @param headerComparison whether there was a gold standard to compare with, and which
 * @param pictures pictures with one sentence each on what to look for
 * @param files all files that QC wrote, pictures included
 * @param verdict the outcome
 * @param inputSha256 SHA-256 of the NIfTI that was measured
 * @param tool name and version of what measured
 * @param runKey identity of the result: hash of inputs, tool version, parameters, gold standard
 * @param configRevision study configuration used
 * @param started when the work began
 * @param finished when the numbers were safe
 */
@WithBuilder
public record QcComplete(
        SessionRef session,
        long seriesRevision,
        String study,
        String site,
        String sessionName,
        String scan,
        String stem,
        String tag,
        Optional<Boolean> phantom,
        Optional<LocalDate> date,
        Optional<Acquisition> acquisition,
        String kind,
        List<Metric> metrics,
        List<Flag> flags,
        List<HeaderDifference> headerDifferences,
        Optional<String> headerComparison,
        List<Picture> pictures,
        List<FileRef> files,
        Verdict verdict,
        String inputSha256,
        String tool,
        String runKey,
        String configRevision,
        Instant started,
        Instant finished)
        implements Event.OfSession, QcCompleteBuilder.With {

    /** What an image was scanned with: a history of numbers applies to one of each. Empty where the header does not have it. */
    public record Acquisition(String scanner, String software, String coil) {}

    /** A number with its unit and the version of its definition; without a value, {@code reason} states why. */
    public record Metric(String key, Optional<Double> value, String unit, String version, Optional<String> reason) {}

    /** Something found in the image. Slice and volume are 0-based, in file order. */
    public record Flag(
            String kind,
            Optional<Integer> slice,
            Optional<Integer> volume,
            String severity,
            Map<String, String> evidence) {}

    /** One parameter that differs from the gold standard; absent on either side is an outcome of its own. */
    public record HeaderDifference(
            String field,
            Optional<String> expected,
            Optional<String> actual,
            Optional<String> tolerance,
            String severity) {}

    /** A picture: a file of this event, its title and what to look for. */
    public record Picture(String path, String title, String lookFor) {}

    /** PASS, WARN, FLAG or ERROR, with the reasons for a rater. */
    public record Verdict(Level level, List<String> reasons) {

        /** Prefix of a reason about two sources of one header that disagree. */
        public static final String CONTRADICTION = "The header contradicts itself in ";

        /** The reasons about a header that contradicts itself. */
        public List<String> contradictions() {
            return reasons.stream()
                    .filter(reason -> reason.startsWith(CONTRADICTION))
                    .toList();
        }
    }

    /** From good to not measurable. */
    public enum Level {
        PASS,
        WARN,
        FLAG,
        ERROR
    }

    @Override
    public String identity() {
        return session.identity() + "/" + scan + "/" + stem;
    }

    @Override
    public String revision() {
        return runKey;
    }

    @Override
    public Optional<ScanId> scanId() {
        return Optional.of(new ScanId(scan));
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(seriesRevision, finished);
    }

    @Override
    public String summary() {
        return "Series " + scan + " " + tag + " measured: " + verdict.level() + ", " + metrics.size() + " metrics";
    }
}
