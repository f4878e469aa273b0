package org.datman.qc.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked.Outcome;
import org.datman.contracts.event.SessionChecked.Row;
import org.datman.contracts.event.SessionSettled.SettledSeries;
import org.datman.qc.state.QcState.Series;

/**
 * Expected against found, as a walk over the settled series of a session. Pure.
 *
 * @param rows one per tag that is expected or found
 * @param pending scans that have not reached their end yet
 * @param reasons what is wrong, in words
 */
record Completeness(List<Row> rows, List<String> pending, List<String> reasons) {

    boolean complete() {
        return reasons.isEmpty() && pending.isEmpty();
    }

    /**
     * @param expected number of series per tag on the day of the scan; a tag that is not in it may come in any number
     * @param settled the series that stood in the session when it settled
     * @param known what was heard of each series
     * @param blacklisted stems that a person took out; they do not count as found
     */
    static Completeness of(
            Map<String, Integer> expected, List<SettledSeries> settled, List<Series> known, Set<String> blacklisted) {
        Map<String, List<String>> found = new TreeMap<>();
        Map<String, List<String>> broken = new TreeMap<>();
        List<String> pending = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (SettledSeries one : settled) {
            Optional<Series> series =
                    known.stream().filter(k -> k.scan().equals(one.scan())).findFirst();
            Optional<SeriesTagged> tagged =
                    series.flatMap(Series::tagged).filter(t -> t.seriesRevision() >= one.seriesRevision());
            if (tagged.isEmpty()) {
                pending.add(one.scan());
                continue;
            }
            switch (tagged.get().decision()) {
                case TAGGED -> count(tagged.get(), series.get(), blacklisted, found, broken, pending);
                case IGNORED, REMOVED -> {
                    // Known and not wanted, or gone since: neither is missed.
                }
                case UNMATCHED, AMBIGUOUS, UNNAMED, NOT_CONVERTIBLE ->
                    reasons.add("scan " + one.scan() + " (" + tagged.get().description() + "): "
                            + tagged.get().reason().message());
            }
        }
        List<Row> rows = rows(expected, found, broken, pending.isEmpty(), reasons);
        return new Completeness(rows, pending, reasons);
    }

    private static void count(
            SeriesTagged tagged,
            Series series,
            Set<String> blacklisted,
            Map<String, List<String>> found,
            Map<String, List<String>> broken,
            List<String> pending) {
        Optional<SeriesExported> exported = series.exported()
                .filter(e -> e.seriesRevision() >= tagged.seriesRevision()
                        && tagged.sessionName().filter(e.sessionName()::equals).isPresent());
        if (exported.isEmpty()) {
            pending.add(series.scan());
            return;
        }
        if (exported.get().outcome() == SeriesExported.Outcome.COMBINED) {
            // Part of an image that another scan stands for; that one is counted.
            return;
        }
        boolean whole = exported.get().outcome() == SeriesExported.Outcome.EXPORTED
                || exported.get().outcome() == SeriesExported.Outcome.PARTIAL;
        for (SeriesTagged.Assignment assignment : tagged.assignments()) {
            if (!blacklisted.contains(assignment.stem())) {
                (whole ? found : broken)
                        .computeIfAbsent(assignment.tag(), tag -> new ArrayList<>())
                        .add(series.scan());
            }
        }
    }

    private static List<Row> rows(
            Map<String, Integer> expected,
            Map<String, List<String>> found,
            Map<String, List<String>> broken,
            boolean all,
            List<String> reasons) {
        Map<String, List<String>> tags = new TreeMap<>(found);
        broken.forEach((tag, scans) -> tags.putIfAbsent(tag, List.of()));
        expected.forEach((tag, count) -> tags.putIfAbsent(tag, List.of()));
        List<Row> rows = new ArrayList<>();
        tags.forEach((tag, scans) -> {
            Optional<Integer> wanted = Optional.ofNullable(expected.get(tag));
            Outcome outcome = outcome(wanted, scans.size(), broken.containsKey(tag));
            rows.add(new Row(tag, wanted.orElse(scans.size()), scans.size(), scans, outcome));
            switch (outcome) {
                case COMPLETE -> {
                    // Nothing to say.
                }
                case MISSING -> {
                    if (all) {
                        reasons.add(tag + " is missing: expected " + wanted.orElse(0) + ", found " + scans.size());
                    }
                }
                case REPEATED ->
                    reasons.add(tag + " is repeated: expected " + wanted.orElse(0) + ", found " + scans.size()
                            + " (scans " + String.join(", ", scans) + "); blacklist what is not wanted");
                case UNEXPECTED -> reasons.add(tag + " was not expected (scans " + String.join(", ", scans) + ")");
                case INCOMPLETE ->
                    reasons.add(
                            tag + " came and could not be exported (scans " + String.join(", ", broken.get(tag)) + ")");
            }
        });
        return rows;
    }

    private static Outcome outcome(Optional<Integer> wanted, int found, boolean broken) {
        if (broken && wanted.filter(count -> found >= count).isEmpty()) {
            return Outcome.INCOMPLETE;
        }
        if (wanted.isEmpty() || wanted.get() == found) {
            return Outcome.COMPLETE;
        }
        if (wanted.get() == 0) {
            return Outcome.UNEXPECTED;
        }
        return found < wanted.get() ? Outcome.MISSING : Outcome.REPEATED;
    }
}
