package org.datman.dashboard.projection;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcComplete.Acquisition;
import org.datman.contracts.event.ToolMeasure;
import org.datman.dashboard.projection.SeriesDetails.Review;

/**
 * A metric value of the current image, or a number that a tool computed of a session, and the history that it belongs to.
 *
 * @param content digest of the image, or key of the run
 * @param standing {@code GOOD, DOUBTFUL} or {@code OUT}: whether it may be part of the baseline
 */
public record MetricValue(
        String stem,
        String key,
        String version,
        double value,
        String unit,
        String tag,
        String scanner,
        String software,
        String coil,
        boolean phantom,
        String content,
        String standing,
        String verdict,
        String review) {

    /** Before the name of a pipeline, in place of the tag of an image. */
    public static final String PIPELINE = "pipeline ";

    static List<MetricValue> of(SeriesDetails series) {
        List<MetricValue> numbers = new ArrayList<>();
        series.images().forEach(image -> image.findQc().map(Recorded::event).ifPresent(qc -> {
            Acquisition with = qc.acquisition().orElse(new Acquisition("", "", ""));
            String standing = standing(qc.verdict().level(), image.review());
            qc.metrics().forEach(metric -> metric.value()
                    .ifPresent(value -> numbers.add(new MetricValue(
                            image.product().stem(),
                            metric.key(),
                            metric.version(),
                            value,
                            metric.unit(),
                            image.product().tag(),
                            with.scanner(),
                            with.software(),
                            with.coil(),
                            qc.phantom().orElse(false),
                            qc.inputSha256(),
                            standing,
                            qc.verdict().level().name(),
                            image.review().name()))));
        }));
        return numbers;
    }

    /**
     * The numbers of the newest run of each pipeline of a session that ended well. They have a tag of their own, {@code pipeline NAME}, which no study can
     * give; the key names measure and region. They are in doubt while the pipeline says something newer: it waits, because an image was
     * refused, or runs again.
     */
    static List<MetricValue> of(SessionDetails session) {
        Set<String> seen = new HashSet<>();
        Set<String> superseded = new HashSet<>();
        List<MetricValue> numbers = new ArrayList<>();
        for (Recorded<PipelineUpdated> recorded : session.runs()) {
            PipelineUpdated run = recorded.event();
            if (run.state() != PipelineUpdated.State.SUCCEEDED) {
                superseded.add(run.pipeline());
            } else if (seen.add(run.pipeline())) {
                String standing = superseded.contains(run.pipeline()) ? "DOUBTFUL" : "GOOD";
                run.measures()
                        .orElse(List.of())
                        .forEach(measure -> numbers.add(new MetricValue(
                                run.pipeline(),
                                key(measure),
                                run.tool() + " " + run.toolVersion(),
                                measure.value(),
                                measure.unit(),
                                tag(run),
                                "",
                                "",
                                "",
                                false,
                                run.runKey(),
                                standing,
                                "",
                                "")));
            }
        }
        return numbers;
    }

    /** What stands for a tag at the numbers of a run. */
    public static String tag(PipelineUpdated run) {
        return PIPELINE + run.pipeline();
    }

    /** The key of a tool's number. */
    public static String key(ToolMeasure measure) {
        return measure.measure() + "/" + measure.region();
    }

    /** The rule of qc: flagged images are not part of the baseline unless a rater passed them, nor are those that a rater flagged. */
    private static String standing(QcComplete.Level level, Review review) {
        return switch (review) {
            case BLACKLISTED -> "OUT";
            case FLAGGED -> "DOUBTFUL";
            case PASS -> "GOOD";
            case NEW, SIGNED_OFF, STALE -> level.compareTo(QcComplete.Level.FLAG) < 0 ? "GOOD" : "DOUBTFUL";
        };
    }
}
