package org.datman.dashboard.projection;

import java.util.ArrayList;
import java.util.List;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcComplete.Acquisition;
import org.datman.dashboard.projection.SeriesDetails.Review;

/**
 * A metric value of the current image, and the history that it belongs to.
 *
 * @param content digest of the image
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
