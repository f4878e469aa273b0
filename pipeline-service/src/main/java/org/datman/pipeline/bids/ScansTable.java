package org.datman.pipeline.bids;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed.Decision;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.metric.MetricDefinition;
import org.jspecify.annotations.Nullable;

/**
 * {@code scans.tsv} with the columns of quality control, and {@code scans.json} that describes them: verdict, review, sign-off, whether the
 * series is complete, and the few numbers that raters see first. Who decided is not in it: a dataset is given away.
 */
final class ScansTable {

    private static final String NOT_AVAILABLE = "n/a";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT);

    /** The metrics of the session page, in its order. */
    private static final List<MetricDefinition> METRICS = MetricCatalogue.all().stream()
            .filter(metric -> metric.findHeadline().isPresent())
            .sorted(Comparator.comparing(
                            (MetricDefinition metric) -> metric.findHeadline().orElseThrow())
                    .thenComparing(MetricDefinition::key))
            .toList();

    private static final List<String> COLUMNS = Stream.concat(
                    Stream.of(
                            "filename",
                            "acq_time",
                            "qc_verdict",
                            "qc_reasons",
                            "qc_review",
                            "qc_signed_off",
                            "qc_series_complete",
                            "qc_failed_checks"),
                    METRICS.stream().map(metric -> "qc_" + metric.key()))
            .toList();

    private ScansTable() {}

    /**
     * The table of a session.
     *
     * @param supplied paths of files that came as BIDS, of which nothing is known
     */
    static String write(List<PlannedImage> images, List<String> supplied, boolean signedOff) {
        List<String> lines = new ArrayList<>(List.of(String.join("\t", COLUMNS)));
        images.forEach(image -> lines.add(String.join("\t", row(image, signedOff))));
        supplied.forEach(path -> lines.add(path + ("\t" + NOT_AVAILABLE).repeat(COLUMNS.size() - 1)));
        return String.join("\n", lines) + "\n";
    }

    /** In the order of the columns. */
    private static List<String> row(PlannedImage planned, boolean signedOff) {
        BidsImage image = planned.image();
        QcComplete.Verdict verdict = image.verdict();
        Decision review = image.review();
        List<String> row = new ArrayList<>(List.of(
                planned.imagePath(),
                image.time().map(ScansTable::time).orElse(NOT_AVAILABLE),
                verdict == null ? NOT_AVAILABLE : verdict.level().name(),
                verdict == null ? NOT_AVAILABLE : text(String.join("; ", verdict.reasons())),
                review == null ? NOT_AVAILABLE : review.name(),
                signedOff ? "yes" : "no",
                image.whole() ? "yes" : "no",
                text(String.join("; ", image.failedChecks()))));
        METRICS.forEach(metric -> row.add(number(image.metrics().get(metric.key()))));
        return row;
    }

    /** As BIDS writes it. */
    static String time(LocalDateTime time) {
        return TIME.format(time);
    }

    private static String number(@Nullable Double value) {
        return value == null || !Double.isFinite(value) ? NOT_AVAILABLE : Double.toString(value);
    }

    private static String text(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.isEmpty() ? NOT_AVAILABLE : line;
    }

    /** What the columns mean. */
    static String describe() {
        ObjectNode root = EventJson.mapper().createObjectNode();
        column(
                root,
                "qc_verdict",
                "Verdict of automatic quality control on exactly these bytes; n/a where none was made",
                Map.of(
                        "PASS", "within all limits",
                        "WARN", "usable, with something to know",
                        "FLAG", "outside a limit: a person decides",
                        "ERROR", "it could not be measured"));
        column(root, "qc_reasons", "Reasons of the verdict", Map.of());
        column(
                root,
                "qc_failed_checks",
                "What the checks of the study file (Checks) found about the header of the series; n/a where all hold",
                Map.of());
        column(
                root,
                "qc_review",
                "Decision of a person on this image; n/a where nobody decided",
                Map.of("PASS", "good enough", "FLAGGED", "not to be used without care"));
        column(
                root,
                "qc_signed_off",
                "Whether a person signed the whole session off with these images",
                Map.of("yes", "signed off", "no", "not signed off, or changed since"));
        column(
                root,
                "qc_series_complete",
                "Whether all images that the DICOM headers declare arrived",
                Map.of("yes", "all", "no", "not all"));
        for (MetricDefinition metric : METRICS) {
            ObjectNode column = column(root, "qc_" + metric.key(), metric.meaning(), Map.of());
            if (!metric.unit().isEmpty()) {
                column.put("Units", metric.unit());
            }
            column.put("DefinitionVersion", metric.version());
        }
        return BidsPlanner.json(root);
    }

    private static ObjectNode column(ObjectNode root, String name, String meaning, Map<String, String> levels) {
        ObjectNode column = root.putObject(name);
        column.put("Description", meaning);
        if (!levels.isEmpty()) {
            ObjectNode values = column.putObject("Levels");
            new TreeMap<>(levels).forEach(values::put);
        }
        return column;
    }
}
