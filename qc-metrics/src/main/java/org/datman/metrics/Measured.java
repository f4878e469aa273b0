package org.datman.metrics;

import java.util.List;
import java.util.Map;
import org.datman.metrics.model.MeasureException;
import org.datman.metrics.reference.ImageReference;
import org.datman.plots.picture.Picture;
import org.datman.plots.report.Report;
import org.jspecify.annotations.Nullable;

/**
 * Result of a measurement.
 *
 * @param report goes into metrics.json
 * @param pictures files beside it
 * @param likeness reference image for later sessions, or null
 * @param stageSeconds time per stage; never in the report, which must not depend on the clock
 * @param refusal why the image could be read but not measured as its kind, or null; the report then has the verdict ERROR
 */
public record Measured(
        Report report,
        List<Picture> pictures,
        @Nullable ImageReference likeness,
        Map<String, Double> stageSeconds,
        @Nullable MeasureException refusal) {

    /** A successful measurement. */
    public Measured(
            Report report,
            List<Picture> pictures,
            @Nullable ImageReference likeness,
            Map<String, Double> stageSeconds) {
        this(report, pictures, likeness, stageSeconds, null);
    }

    public Measured {
        pictures = List.copyOf(pictures);
    }
}
