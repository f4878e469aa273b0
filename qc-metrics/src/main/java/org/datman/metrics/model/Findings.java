package org.datman.metrics.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.stats.Statistics;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.metric.MetricDefinition;
import org.datman.plots.report.Compared;
import org.datman.plots.report.Flag;
import org.datman.plots.report.Metric;
import org.datman.plots.report.Report;
import org.datman.plots.report.TemporalSpectrum;
import org.datman.plots.report.TimeCourse;
import org.jspecify.annotations.Nullable;

/**
 * Collects the results of a kind's measurement. Units and versions come from the {@link MetricCatalogue}, so a key without
 * a definition cannot be reported. Not thread-safe: parallel loops gather first and put afterwards.
 */
public final class Findings {

    private final Map<String, Metric> metrics = new TreeMap<>();
    private final Map<String, TimeCourse> courses = new TreeMap<>();
    private final List<Flag> flags = new ArrayList<>();
    private final List<Compared> compared = new ArrayList<>();
    private @Nullable Seen seen;
    private @Nullable TemporalSpectrum spectrum;

    /**
     * The measured object, for comparison with other sessions.
     *
     * @param object bright part of the image
     * @param signal its image, perhaps a mean over volumes
     * @param acquired one volume as it was acquired
     * @param noise difference between volumes, with the sd of the noise of one volume; null for a single image
     */
    public record Seen(Mask object, float[] signal, float[] acquired, float @Nullable [] noise) {}

    /** The findings of a report, numbers and flags, for another evaluation. */
    public static Findings of(Report report) {
        Findings findings = new Findings();
        findings.metrics.putAll(report.metrics());
        findings.flags.addAll(report.flags());
        return findings;
    }

    /** A value over the whole image or no mask at all. Not finite becomes unknown, never an invented number. */
    public void put(String key, double value) {
        put(key, value, null, null);
    }

    /** A value over {@code voxels} voxels of the mask called {@code mask}. */
    public void put(String key, double value, @Nullable String mask, @Nullable Integer voxels) {
        MetricDefinition d = MetricCatalogue.get(key);
        Long size = voxels == null ? null : Long.valueOf(voxels);
        metrics.put(
                key,
                Double.isFinite(value)
                        ? new Metric(key, value, d.unit(), d.version(), null, mask, size)
                        : new Metric(key, null, d.unit(), d.version(), "not_finite", mask, size));
    }

    /** A value over a mask. */
    public void put(String key, double value, Mask mask) {
        put(key, value, mask.id(), mask.count());
    }

    /** A value that may not be there: unknown for {@code otherwise} when it is not finite. */
    public void putOr(String key, double value, String otherwise) {
        if (Double.isFinite(value)) {
            put(key, value);
        } else {
            unknown(key, otherwise);
        }
    }

    /** The same for a value over a mask. */
    public void putOr(String key, double value, Mask mask, String otherwise) {
        if (Double.isFinite(value)) {
            put(key, value, mask);
        } else {
            unknown(key, otherwise);
        }
    }

    /** Mean ({@code key} itself and {@code _mean}), {@code _median} and {@code _max} of the finite values of a time course. */
    public void summary(String key, double[] course, @Nullable Mask mask) {
        double[] known = Arrays.stream(course).filter(Double::isFinite).toArray();
        String id = mask == null ? null : mask.id();
        Integer voxels = mask == null ? null : Integer.valueOf(mask.count());
        double mean = Statistics.mean(known);
        put(key, mean, id, voxels);
        put(key + "_mean", mean, id, voxels);
        put(key + "_median", Statistics.median(known), id, voxels);
        put(key + "_max", Arrays.stream(known).max().orElse(Double.NaN), id, voxels);
    }

    /** A metric without a value; {@code reason} is a short lower snake case phrase. */
    public void unknown(String key, String reason) {
        MetricDefinition d = MetricCatalogue.get(key);
        metrics.put(key, new Metric(key, null, d.unit(), d.version(), reason, null, null));
    }

    /** Same reason for several metrics. */
    public void unknown(List<String> keys, String reason) {
        keys.forEach(key -> unknown(key, reason));
    }

    /** A time course with one number per volume; NaN where it is not defined. */
    public void course(String key, double[] perVolume) {
        courses.put(key, TimeCourse.of(key, perVolume));
    }

    /** A time course with several columns per volume. */
    public void course(String key, double[][] rows) {
        courses.put(key, new TimeCourse(key, rows));
    }

    /** Stores the object for comparison with later sessions. */
    public void seen(Mask object, float[] signal, float[] acquired) {
        seen = new Seen(object, signal, acquired, null);
    }

    /**
     * Stores the noise of the object, where volumes can be compared: sd of one volume.
     *
     * @throws IllegalStateException before the object itself was stored
     */
    public void noise(float[] noise) {
        if (seen == null) {
            throw new IllegalStateException("the noise belongs to an object, which must be stored first");
        }
        seen = new Seen(seen.object(), seen.signal(), seen.acquired(), noise);
    }

    /** The stored object, or null. */
    public @Nullable Seen seen() {
        return seen;
    }

    /** The spectrum of a run over time, or null where the repetition time is unknown. */
    public void spectrum(@Nullable TemporalSpectrum value) {
        spectrum = value;
    }

    /** The spectrum of a run over time, or null. */
    public @Nullable TemporalSpectrum spectrum() {
        return spectrum;
    }

    /** Another series that this one was compared with, or would have been. */
    public void compared(Compared other) {
        compared.add(other);
    }

    /** In the order in which they were put. */
    public List<Compared> compared() {
        return List.copyOf(compared);
    }

    public void flag(Flag flag) {
        flags.add(flag);
    }

    /** The value stored under this key, or null. */
    public @Nullable Double value(String key) {
        Metric metric = metrics.get(key);
        return metric == null ? null : metric.value();
    }

    /** Why a metric has no value: its reason, or {@code otherwise} for one that has a value or was not put. */
    public String reason(String key, String otherwise) {
        Metric metric = metrics.get(key);
        return metric == null || metric.reason() == null ? otherwise : metric.reason();
    }

    public Map<String, Metric> metrics() {
        return metrics;
    }

    public Map<String, TimeCourse> courses() {
        return courses;
    }

    /** Flags in their reporting order: kind, volume, slice; those without a place first. */
    public List<Flag> flags() {
        List<Flag> sorted = new ArrayList<>(flags);
        Comparator<Integer> nullsFirst = Comparator.nullsFirst(Comparator.naturalOrder());
        sorted.sort(Comparator.comparing(Flag::kind)
                .thenComparing(Flag::volume, nullsFirst)
                .thenComparing(Flag::slice, nullsFirst));
        return sorted;
    }
}
