package org.datman.metrics.kind;

import java.util.List;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.model.Findings;
import org.datman.metrics.model.MeasureException;
import org.datman.plots.picture.Picture;

/** Measurement of one kind of series. Implementations are stateless. */
public interface KindMeasurement {

    /** Kinds this measures. */
    List<QcKind> kinds();

    /**
     * Measures the scan, adds all results to {@code findings}, and returns its pictures.
     *
     * @param stages records the time of each stage
     * @throws MeasureException if the scan as a whole cannot be measured as this kind
     */
    List<Picture> measure(ScanData scan, Findings findings, Stages stages) throws MeasureException;
}
