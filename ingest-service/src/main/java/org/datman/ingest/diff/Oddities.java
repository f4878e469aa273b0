package org.datman.ingest.diff;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesAssigned;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.ingest.read.HeaderFacts;
import org.jspecify.annotations.Nullable;

/**
 * Inconsistencies among the series of a session, from XNAT's list and one header of each series: identifiers that
 * should be unique and are not, or should be equal and are not. Pure.
 */
public final class Oddities {

    private Oddities() {}

    /** The inconsistencies after a change that did not exist, or not in this form, before. */
    public static List<Reason> fresh(Map<String, SeriesDiscovered> before, Collection<SeriesDiscovered> changed) {
        Map<String, SeriesDiscovered> after = new HashMap<>(before);
        changed.forEach(series -> after.put(series.scan(), series));
        List<Reason> fresh = new ArrayList<>(of(after.values()));
        fresh.removeAll(of(before.values()));
        for (SeriesDiscovered one : changed) {
            SeriesDiscovered earlier = before.get(one.scan());
            if (earlier != null
                    && one.status() != SeriesDiscovered.Status.REMOVED
                    && one.assigned().isEmpty()) {
                earlier.assigned().ifPresent(assigned -> fresh.add(otherSeries(one, assigned)));
            }
        }
        return fresh;
    }

    /** Only another SeriesInstanceUID makes a read lose an assignment: taking it back does not read. */
    private static Reason otherSeries(SeriesDiscovered one, SeriesAssigned.Assigned assigned) {
        return new Reason(
                "assigned-series-replaced",
                "Scan " + one.scan() + " is another series now: what was assigned to the earlier one "
                        + assigned.basis() + " is not of this one, and the rules decide",
                "Assign the tag to the new series if it is meant too");
    }

    public static List<Reason> of(Collection<SeriesDiscovered> series) {
        TreeMap<String, TreeSet<String>> byStudy = new TreeMap<>();
        TreeMap<String, TreeSet<String>> bySeries = new TreeMap<>();
        List<Reason> reasons = new ArrayList<>();
        for (SeriesDiscovered one : series) {
            if (one.status() != SeriesDiscovered.Status.REMOVED) {
                add(byStudy, one.header().get(HeaderFacts.STUDY_UID), one.scan());
                add(bySeries, one.uid().orElse(null), one.scan());
            }
        }
        if (byStudy.size() > 1) {
            reasons.add(new Reason(
                    "two-studies-in-session",
                    "The headers of the session have " + byStudy.size() + " StudyInstanceUIDs: scans "
                            + String.join("; scans ", lists(byStudy)),
                    "Find out whether the scan was started again, which is harmless, or whether series of another session were sent"
                            + " to it; move those on the server"));
        }
        bySeries.values().stream()
                .filter(scans -> scans.size() > 1)
                .forEach(scans -> reasons.add(new Reason(
                        "shared-series-uid",
                        "Scans " + String.join(", ", scans) + " have the same SeriesInstanceUID",
                        "A system in between rewrote the identifiers, or one series was sent twice. Compare the scans on the server"
                                + " and remove the duplicate")));
        return reasons;
    }

    private static List<String> lists(Map<String, TreeSet<String>> byUid) {
        return byUid.values().stream().map(scans -> String.join(", ", scans)).toList();
    }

    private static void add(Map<String, TreeSet<String>> scans, @Nullable String uid, String scan) {
        if (uid != null) {
            scans.computeIfAbsent(uid, u -> new TreeSet<>()).add(scan);
        }
    }
}
