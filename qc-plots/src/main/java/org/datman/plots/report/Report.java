package org.datman.plots.report;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.datman.contracts.metric.QcKind;
import org.jspecify.annotations.Nullable;

/**
 * All results of one series; {@link ReportJson} is its written form.
 *
 * @param series name of the series, usually the file stem
 * @param kind how it was measured
 * @param input the measured image, or null when it could not even be opened
 * @param metrics by key, sorted
 * @param timeseries by key, sorted
 * @param flags sorted by kind, volume, slice
 * @param verdict verdict with reasons
 * @param spectrum of a functional run over time, or null
 * @param comparedWith references, used or left out
 */
public record Report(
        String series,
        QcKind kind,
        @Nullable InputFacts input,
        Map<String, Metric> metrics,
        Map<String, TimeCourse> timeseries,
        List<Flag> flags,
        Verdict verdict,
        @Nullable TemporalSpectrum spectrum,
        List<Compared> comparedWith) {

    public Report {
        Objects.requireNonNull(series, "series");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(verdict, "verdict");
        metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
        timeseries = Collections.unmodifiableMap(new TreeMap<>(timeseries));
        flags = List.copyOf(flags);
        comparedWith = List.copyOf(comparedWith);
    }

    /** A report without a spectrum and without references. */
    public Report(
            String series,
            QcKind kind,
            @Nullable InputFacts input,
            Map<String, Metric> metrics,
            Map<String, TimeCourse> timeseries,
            List<Flag> flags,
            Verdict verdict) {
        this(series, kind, input, metrics, timeseries, flags, verdict, null, List.of());
    }

    /** The same with another verdict. */
    public Report with(Verdict other) {
        return new Report(series, kind, input, metrics, timeseries, flags, other, spectrum, comparedWith);
    }

    /** The value of a metric, or null when it is absent or unknown. */
    public @Nullable Double value(String key) {
        Metric metric = metrics.get(key);
        return metric == null ? null : metric.value();
    }
}
