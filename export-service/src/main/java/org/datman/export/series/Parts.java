package org.datman.export.series;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.event.SessionSettled;
import org.datman.export.publish.SeriesState;

/**
 * The series of which one image is made: one, or several of a session that the study's {@code Combine} puts together.
 * Pure.
 *
 * @param series the leading one first; the others follow by series number
 */
record Parts(List<SeriesTagged> series) {

    private static final Comparator<SeriesState> ORDER = Comparator.comparing(
                    (SeriesState state) -> state.tagged().seriesNumber().orElse(Integer.MAX_VALUE))
            .thenComparing(state -> state.tagged().scan());

    Parts {
        series = List.copyOf(series);
    }

    static Parts of(SeriesTagged single) {
        return new Parts(List.of(single));
    }

    /** What a series has in common with the other parts of its image; empty when it is an image by itself. */
    static Optional<String> group(SeriesTagged tagged) {
        List<String> groups = tagged.assignments().stream()
                .flatMap(a -> a.combine().map(common -> a.tag() + " " + common).stream())
                .sorted()
                .toList();
        return tagged.decision() != Decision.TAGGED || groups.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(" ", groups));
    }

    /** The series of a group, the leading one first. */
    static List<SeriesState> members(String group, List<SeriesState> session) {
        return session.stream()
                .filter(state -> group(state.tagged()).filter(group::equals).isPresent())
                .sorted(ORDER)
                .toList();
    }

    /**
     * Whether no further part is to be expected: all that the settled session holds has been tagged, and the parts are among
     * it. A part that came later waits for the session to settle again; a renamed session, for all its parts to be renamed.
     */
    static boolean allThere(List<SeriesState> members, List<SeriesState> session, Optional<SessionSettled> settled) {
        boolean oneName = members.stream()
                        .map(state -> state.tagged().sessionName())
                        .distinct()
                        .count()
                == 1;
        return oneName
                && settled.isPresent()
                && settled.get().series().stream().allMatch(one -> session.stream()
                        .anyMatch(state -> state.tagged().scan().equals(one.scan())
                                && state.tagged().seriesRevision() >= one.seriesRevision()))
                && members.stream().allMatch(state -> settled.get().series().stream()
                        .anyMatch(one -> one.scan().equals(state.tagged().scan())
                                && one.seriesRevision() >= state.tagged().seriesRevision()));
    }

    SeriesTagged leading() {
        return series.get(0);
    }

    boolean areOne() {
        return series.size() == 1;
    }

    /** The scans, in order, in words. */
    String scans() {
        return series.stream().map(SeriesTagged::scan).collect(Collectors.joining(", "));
    }

    /** Of the file listings that the taggings are about. */
    String fingerprint() {
        return fingerprint(series.stream().map(SeriesTagged::fingerprint).toList());
    }

    /** The fingerprint of file listings together; that of one is its own. */
    static String fingerprint(List<String> listings) {
        return listings.size() == 1 ? listings.get(0) : RunKey.hash(String.join("\n", listings));
    }
}
