package org.datman.qc.trend;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.datman.contracts.study.HeaderRules;
import org.datman.contracts.study.Severity;
import org.datman.contracts.study.Tolerance;
import org.datman.header.Baselines;
import org.datman.header.Baselines.Candidate;
import org.datman.header.Baselines.Dated;
import org.datman.header.Baselines.Drift;
import org.datman.header.Field;
import org.datman.header.FieldTable;
import org.datman.header.HeaderComparison;
import org.datman.header.HeaderComparison.Outcome;

/** Compares headers with the typical header of the sessions before, and finds candidates for a gold standard. Pure. */
final class HeaderDrifts {

    /** Number of sessions that make the typical header. */
    static final int WINDOW = 10;

    private HeaderDrifts() {}

    /**
     * Fields that changed with this image, and not before.
     *
     * @param rules fields that the study does not compare do not drift either
     */
    static List<Drift> at(List<History.Header> before, History.Header image, HeaderRules rules) {
        List<Dated> course = new ArrayList<>();
        before.stream()
                .filter(header -> !same(header, image))
                .forEach(header -> course.add(new Dated(header.day(), header.header())));
        course.add(new Dated(image.day(), image.header()));
        List<Drift> drifts = new ArrayList<>(Baselines.drifts(course, WINDOW));
        Optional<Dated> last = course.size() < 2 ? Optional.empty() : Optional.of(course.get(course.size() - 2));
        drifts.removeIf(drift -> ignored(drift.field().name(), rules));
        // A change that the image before had already is reported there.
        drifts.removeIf(
                drift -> last.flatMap(l -> l.header().value(drift.field().name()))
                        .filter(value -> drift.field()
                                .compare()
                                .judge(drift.now(), value, Tolerance.NONE)
                                .agrees())
                        .isPresent());
        return drifts;
    }

    /**
     * Two good sessions of one protocol may differ in the usual fields; in the scanner's software only because it was replaced, which is
     * reported unless the study, the site or the tag lists it itself.
     */
    private static boolean ignored(String field, HeaderRules rules) {
        return field.equals("SoftwareVersions")
                ? rules.named().contains(field)
                : rules.ignored().contains(field);
    }

    private static boolean same(History.Header a, History.Header b) {
        return a.session().equals(b.session())
                && a.scan().equals(b.scan())
                && a.stem().equals(b.stem());
    }

    /**
     * The drifts by their probable cause: a change of protocol changes several of its fields at once, and a new software or scanner
     * brings its own; reported one by one they would hide each other.
     */
    static List<List<Drift>> byCause(List<Drift> drifts, HeaderRules rules) {
        Map<String, List<Drift>> causes = new LinkedHashMap<>();
        drifts.forEach(drift -> causes.computeIfAbsent(
                        String.join(
                                " ",
                                cause(drift.field().kind()),
                                severity(drift, rules).key(),
                                drift.since().toString()),
                        key -> new ArrayList<>())
                .add(drift));
        return List.copyOf(causes.values());
    }

    private static String cause(Field.Kind kind) {
        return switch (kind) {
            case IDENTITY -> "scanner";
            case TIMING, GEOMETRY, CONTRAST, ENCODING -> "protocol";
            case RECON -> "reconstruction";
            case HARDWARE -> "hardware";
            case ENVIRONMENT -> "environment";
        };
    }

    static String text(Drift drift) {
        return drift.field().name() + " changed from " + drift.before().text() + " to "
                + drift.now().text() + unit(drift) + " on " + drift.since()
                + (drift.tolerated() ? ", within its tolerance" : "");
    }

    static String unit(Drift drift) {
        return drift.field().unit().isEmpty() ? "" : " " + drift.field().unit();
    }

    /** The study's severity of the field, else that of the table; what a tolerance allows, the study's or the table's, is only noted. */
    static Severity severity(Drift drift, HeaderRules rules) {
        if (tolerated(drift, rules)) {
            return Severity.NOTE;
        }
        Severity preset = drift.field().severity().matters() ? Severity.WARN : Severity.NOTE;
        return rules.severities().getOrDefault(drift.field().name(), preset);
    }

    private static boolean tolerated(Drift drift, HeaderRules rules) {
        Tolerance own = rules.tolerances().get(drift.field().name());
        if (own == null) {
            return drift.tolerated();
        }
        double factor = drift.field().sidecarFactor().orElse(1);
        return drift.field()
                .compare()
                .judge(drift.before(), drift.now(), own.times(factor))
                .agrees();
    }

    /** All that changed for one cause, for a rater. */
    static String text(List<Drift> together) {
        return together.stream().map(HeaderDrifts::text).collect(Collectors.joining("; "));
    }

    /** Whether this image could be made the gold standard where there is none, as text. */
    static Optional<String> candidate(List<History.Header> sessions, History.Header image) {
        List<History.Header> others =
                sessions.stream().filter(header -> !same(header, image)).toList();
        List<org.datman.header.ParameterRecord> all = new ArrayList<>();
        others.forEach(header -> all.add(header.header()));
        all.add(image.header());
        return Baselines.candidate(all).map(candidate -> words(candidate, image));
    }

    private static String words(Candidate candidate, History.Header image) {
        List<String> otherwise =
                HeaderComparison.compare(candidate.header(), image.header(), HeaderComparison.Rules.TABLE).stream()
                        .filter(row -> row.outcome() == Outcome.MISMATCH || row.outcome() == Outcome.ABSENT_ACTUAL)
                        .filter(row -> row.severity().matters())
                        .map(HeaderComparison.Row::name)
                        .toList();
        List<String> open = candidate.undecided().stream()
                .filter(name -> FieldTable.field(name)
                        .filter(field -> field.severity() == Severity.FLAG)
                        .isPresent())
                .toList();
        String begin = String.format(Locale.ROOT, "There is no gold standard; of %d scans ", candidate.sessions());
        if (!open.isEmpty()) {
            return begin + "there is no majority in " + String.join(", ", open);
        }
        return otherwise.isEmpty()
                ? begin + "the majority is as this one: a candidate for the gold standard, if a person sets it"
                : begin + "the majority differs from this one in " + String.join(", ", otherwise);
    }
}
