package org.datman.export.request;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionSettled;
import org.datman.export.download.VerifiedDownload;
import org.datman.export.index.SeriesState;
import org.jspecify.annotations.Nullable;

/**
 * The series that form one image: one, or several of a session that the study's {@code Combine} merges.
 * Pure.
 *
 * @param series the leading one first; the others follow by series number
 */
public record Parts(List<SeriesTagged> series) {

    private static final Comparator<SeriesState> ORDER = Comparator.comparing(
                    (SeriesState state) -> state.tagged().seriesNumber().orElse(Long.MAX_VALUE))
            .thenComparing(state -> state.tagged().scan());

    public Parts {
        series = List.copyOf(series);
    }

    public static Parts of(SeriesTagged single) {
        return new Parts(List.of(single));
    }

    /** The group key shared by the parts of an image; empty when the series is an image by itself. */
    public static Optional<String> group(SeriesTagged tagged) {
        return tagged.combined();
    }

    /** The series of a group, the leading one first. */
    public static List<SeriesState> members(String group, List<SeriesState> session) {
        return session.stream()
                .filter(state -> group(state.tagged()).filter(group::equals).isPresent())
                .sorted(ORDER)
                .toList();
    }

    /**
     * Whether no further part is expected: all series of the settled session have been tagged, and the parts are among
     * them. A part that was received later waits for the session to settle again; a renamed session waits for all its parts to be renamed.
     */
    public static boolean allThere(
            List<SeriesState> members, List<SeriesState> session, @Nullable SessionSettled settled) {
        return missing(members, session, settled).isEmpty();
    }

    /** What an image waits for, as text; empty when all its parts are present. */
    public static List<String> missing(
            List<SeriesState> members, List<SeriesState> session, @Nullable SessionSettled settled) {
        if (settled == null) {
            return List.of("that the session settles");
        }
        List<String> missing = new ArrayList<>();
        List<String> names = members.stream()
                .map(state -> state.tagged().sessionName().orElse("none"))
                .distinct()
                .toList();
        if (names.size() > 1) {
            missing.add("that all parts have the same session name, not " + names);
        }
        for (SessionSettled.SettledSeries one : settled.series()) {
            if (session.stream()
                    .noneMatch(state -> state.tagged().scan().equals(one.scan())
                            && state.tagged().seriesRevision() >= one.seriesRevision())) {
                missing.add("the tagging of scan " + one.scan() + " (revision " + one.seriesRevision() + ")");
            }
        }
        for (SeriesState state : members) {
            if (settled.series().stream()
                    .noneMatch(one -> one.scan().equals(state.tagged().scan())
                            && one.seriesRevision() >= state.tagged().seriesRevision())) {
                missing.add("that the session settles with scan "
                        + state.tagged().scan() + " (revision " + state.tagged().seriesRevision() + ")");
            }
        }
        return missing;
    }

    public SeriesTagged leading() {
        return series.get(0);
    }

    public boolean areOne() {
        return series.size() == 1;
    }

    /** The scans, in order, as text. */
    public String scans() {
        return series.stream().map(SeriesTagged::scan).collect(Collectors.joining(", "));
    }

    /** Fingerprint of the file listings of the taggings. */
    public String fingerprint() {
        return VerifiedDownload.fingerprint(
                series.stream().map(SeriesTagged::fingerprint).toList());
    }
}
