package org.datman.qc.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked.Outcome;
import org.datman.contracts.event.SessionChecked.Row;
import org.datman.contracts.event.SessionSettled.SettledSeries;
import org.datman.contracts.study.ExpectedCount;
import org.datman.qc.state.QcState.Series;

/**
 * Expected against found over the settled series of a session. Pure.
 *
 * @param rows one per tag that is expected or found
 * @param pending scans that are not finished yet
 * @param reasons what is wrong, as text
 */
record SessionCompleteness(List<Row> rows, List<String> pending, List<String> reasons) {

    boolean complete() {
        return reasons.isEmpty() && pending.isEmpty();
    }

    /**
     * @param expected number of series per tag in this session; a tag that is not listed may occur any number of times
     * @param settled the series that were in the session when it settled
     * @param known what is recorded of each series
     * @param blacklisted stems that a person blacklisted; they do not count as found
     */
    static SessionCompleteness of(
            Map<String, ExpectedCount> expected,
            List<SettledSeries> settled,
            List<Series> known,
            Set<String> blacklisted) {
        Tally tally = new Tally();
        List<String> pending = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (SettledSeries one : settled) {
            Optional<Series> series =
                    known.stream().filter(k -> k.scan().equals(one.scan())).findFirst();
            Optional<SeriesTagged> tagged =
                    series.map(Series::tagged).filter(t -> t.seriesRevision() >= one.seriesRevision());
            if (tagged.isEmpty()) {
                pending.add(one.scan());
                continue;
            }
            switch (tagged.get().decision()) {
                case TAGGED -> count(tagged.get(), series.get(), blacklisted, tally, pending);
                case IGNORED, REMOVED -> {
                    // Known and not wanted, or removed since: neither is missing.
                }
                case UNMATCHED, AMBIGUOUS, UNNAMED, NOT_CONVERTIBLE ->
                    reasons.add("scan " + one.scan() + " (" + tagged.get().description() + "): "
                            + tagged.get().reason().message());
            }
        }
        List<Row> rows = rows(expected, tally, pending.isEmpty(), reasons);
        return new SessionCompleteness(rows, pending, reasons);
    }

    /** The outcome of the series of each tag, by tag. */
    private static final class Tally {
        /** Scans with an image, complete or not. */
        private final Map<String, List<String>> found = new TreeMap<>();
        /** Scans that arrived and have no image, or only part of it, with the reason. */
        private final Map<String, Map<String, String>> notWhole = new TreeMap<>();

        void found(String tag, String scan) {
            found.computeIfAbsent(tag, key -> new ArrayList<>()).add(scan);
        }

        void notWhole(String tag, String scan, String why) {
            notWhole.computeIfAbsent(tag, key -> new LinkedHashMap<>()).put(scan, why);
        }
    }

    private static void count(
            SeriesTagged tagged, Series series, Set<String> blacklisted, Tally tally, List<String> pending) {
        Optional<SeriesExported> event = Optional.ofNullable(series.exported())
                .filter(e -> e.seriesRevision() >= tagged.seriesRevision()
                        && tagged.sessionName().filter(e.sessionName()::equals).isPresent());
        if (event.isEmpty()) {
            pending.add(series.scan());
            return;
        }
        SeriesExported exported = event.get();
        if (exported.outcome() == SeriesExported.Outcome.COMBINED) {
            // Part of an image that is counted with another scan.
            return;
        }
        String why = exported.reason().map(Reason::message).orElse("no reason was given");
        for (SeriesTagged.Assignment assignment : tagged.assignments()) {
            if (blacklisted.contains(assignment.stem())) {
                continue;
            }
            boolean there = exported.products().stream()
                            .anyMatch(product -> product.tag().equals(assignment.tag()))
                    // Kept under the nearest tag, but not the echo or part that the tag requires.
                    && exported.completeness()
                            .filter(c -> c.tagsWithoutImage().contains(assignment.tag()))
                            .isEmpty();
            switch (exported.outcome()) {
                case EXPORTED, PARTIAL -> {
                    if (there) {
                        tally.found(assignment.tag(), series.scan());
                    }
                    if (!there) {
                        tally.notWhole(assignment.tag(), series.scan(), "the series has no image of this tag: " + why);
                    } else if (exported.outcome() == SeriesExported.Outcome.PARTIAL) {
                        tally.notWhole(assignment.tag(), series.scan(), "exported in part: " + why);
                    }
                }
                default -> tally.notWhole(assignment.tag(), series.scan(), "not exported: " + why);
            }
        }
    }

    private static List<Row> rows(Map<String, ExpectedCount> expected, Tally tally, boolean all, List<String> reasons) {
        Map<String, List<String>> tags = new TreeMap<>(tally.found);
        tally.notWhole.forEach((tag, scans) -> tags.putIfAbsent(tag, List.of()));
        expected.forEach((tag, count) -> tags.putIfAbsent(tag, List.of()));
        List<Row> rows = new ArrayList<>();
        tags.forEach((tag, scans) -> {
            ExpectedCount wanted = expected.getOrDefault(tag, ExpectedCount.ANY);
            Map<String, String> notWhole = tally.notWhole.getOrDefault(tag, Map.of());
            Outcome outcome = outcome(wanted, scans, notWhole.keySet());
            rows.add(new Row(
                    tag,
                    wanted.nearest(scans.size()),
                    scans.size(),
                    scans,
                    outcome,
                    notWhole.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(notWhole.keySet())),
                    wanted.accepted().size() > 1 ? Optional.of(wanted.accepted()) : Optional.empty(),
                    wanted.rule().isEmpty() ? Optional.empty() : Optional.of(wanted.rule())));
            String counted = "expected " + wanted.words() + (wanted.rule().isEmpty() ? "" : " (" + wanted.rule() + ")")
                    + ", found " + scans.size();
            switch (outcome) {
                case COMPLETE -> {
                    // No reason to report.
                }
                case MISSING -> {
                    if (all) {
                        reasons.add(tag + " is missing: " + counted + named(notWhole));
                    }
                }
                case REPEATED ->
                    reasons.add(tag + " is repeated: " + counted + " (scans " + String.join(", ", scans)
                            + "); blacklist what is not wanted" + named(notWhole));
                case UNEXPECTED ->
                    reasons.add(tag + " was not expected (scans " + String.join(", ", scans) + ")" + named(notWhole));
                case INCOMPLETE -> reasons.add(tag + " is incomplete" + named(notWhole));
            }
        });
        return rows;
    }

    /** The incomplete series, each with its reason. */
    private static String named(Map<String, String> notWhole) {
        StringBuilder text = new StringBuilder();
        notWhole.forEach(
                (scan, why) -> text.append("; scan ").append(scan).append(": ").append(why));
        return text.toString();
    }

    /** @param notWhole scans without an image or with only part of it */
    private static Outcome outcome(ExpectedCount wanted, List<String> found, Set<String> notWhole) {
        int whole =
                (int) found.stream().filter(scan -> !notWhole.contains(scan)).count();
        boolean inPart = whole < found.size();
        boolean enough = !wanted.any() && wanted.accepts(whole);
        int nearest = wanted.nearest(found.size());
        if (nearest == 0 && !found.isEmpty()) {
            return Outcome.UNEXPECTED;
        }
        if (nearest < found.size()) {
            return Outcome.REPEATED;
        }
        if (!notWhole.isEmpty() && (inPart || !enough)) {
            return Outcome.INCOMPLETE;
        }
        return wanted.any() || enough ? Outcome.COMPLETE : Outcome.MISSING;
    }
}
