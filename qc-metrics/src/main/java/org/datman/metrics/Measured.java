package org.datman.metrics;

import java.util.List;
import java.util.Map;
import org.datman.metrics.likeness.Likeness;
import org.datman.metrics.model.Report;
import org.datman.metrics.picture.Picture;

/**
 * What a measurement gives.
 *
 * @param report goes into metrics.json
 * @param pictures files that lie beside it
 * @param likeness what later sessions are compared with, or null
 * @param stageSeconds time per stage; never in the report, which must not depend on the clock
 */
public record Measured(Report report, List<Picture> pictures, Likeness likeness, Map<String, Double> stageSeconds) {

    public Measured {
        pictures = List.copyOf(pictures);
    }
}
