package org.datman.metrics.dwi;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.datman.contracts.study.Severity;

/** Slices of one volume that were lost together are one event: a multiband group or one half of an interleave. */
final class SliceGroups {

    /**
     * One event.
     *
     * @param kind {@code mb-group}, {@code interleave} or {@code single}
     * @param volume 0-based volume
     * @param slices 0-based slices, rising
     */
    record Event(String kind, int volume, List<Integer> slices) {}

    private SliceGroups() {}

    /**
     * @param lost what was found, of any severity
     * @param slices slices of a volume
     * @param multiband slices that are excited at once, 1 when none, 0 when unknown (then three or more equally spaced slices
     *     that fill a group count as one)
     */
    static List<Event> of(List<LostSlice> lost, int slices, int multiband) {
        Map<Integer, TreeSet<Integer>> byVolume = new TreeMap<>();
        for (LostSlice l : lost) {
            byVolume.computeIfAbsent(l.volume(), v -> new TreeSet<>()).add(l.slice());
        }
        // An event of warnings only is no event: at least one of its slices must be flagged.
        Map<Integer, TreeSet<Integer>> flagged = new TreeMap<>();
        for (LostSlice l : lost) {
            if (l.severity() == Severity.FLAG) {
                flagged.computeIfAbsent(l.volume(), v -> new TreeSet<>()).add(l.slice());
            }
        }
        List<Event> events = new ArrayList<>();
        flagged.forEach((volume, bad) -> {
            TreeSet<Integer> rest = new TreeSet<>(byVolume.get(volume));
            int parity = parity(bad, slices);
            if (parity >= 0) {
                List<Integer> half = rest.stream().filter(z -> z % 2 == parity).toList();
                rest.removeAll(half);
                events.add(new Event("interleave", volume, half));
            }
            int factor = multiband > 0 ? multiband : guess(bad, slices);
            if (factor > 1 && slices % factor == 0) {
                moveGroups(events, volume, rest, bad, slices / factor);
            }
            for (int z : rest) {
                if (bad.contains(z)) {
                    events.add(new Event("single", volume, List.of(z)));
                }
            }
        });
        events.sort(Comparator.comparingInt(Event::volume)
                .thenComparing(e -> e.slices().get(0)));
        return events;
    }

    /** 0 or 1 when nearly all inner slices of that parity and none of the other are bad, else −1. */
    private static int parity(TreeSet<Integer> bad, int slices) {
        long odd = bad.stream().filter(z -> z % 2 == 1).count();
        long even = bad.size() - odd;
        long half = Math.max(4, (slices - 2) / 2);
        if (odd >= 0.6 * half && even == 0) {
            return 1;
        }
        return even >= 0.6 * half && odd == 0 ? 0 : -1;
    }

    private static void moveGroups(
            List<Event> events, int volume, TreeSet<Integer> rest, TreeSet<Integer> bad, int gap) {
        for (int first = 0; first < gap; first++) {
            List<Integer> group = new ArrayList<>();
            boolean any = false;
            for (int z : rest) {
                if (z % gap == first) {
                    group.add(z);
                    any |= bad.contains(z);
                }
            }
            if (any && group.size() >= 2) {
                events.add(new Event("mb-group", volume, group));
                group.forEach(rest::remove);
            }
        }
    }

    /** The multiband factor that explains three or more bad slices as one whole group, or 1. */
    private static int guess(TreeSet<Integer> bad, int slices) {
        for (int factor = 3; factor <= 8; factor++) {
            if (slices % factor != 0 || bad.size() < factor - 1 || bad.size() > factor || bad.size() < 3) {
                continue;
            }
            int gap = slices / factor;
            int first = bad.first() % gap;
            if (bad.stream().allMatch(z -> z % gap == first)) {
                return factor;
            }
        }
        return 1;
    }
}
