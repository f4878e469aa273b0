package org.datman.dashboard.review;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.SessionChecked;
import org.datman.dashboard.projection.Recorded;
import org.datman.dashboard.projection.SeriesDetails;
import org.datman.dashboard.projection.SeriesStatus;
import org.datman.dashboard.projection.SessionDetails;

/** What is open before a session is signed off: images not reviewed or flagged, series missing or in progress. */
public final class OpenPoints {

    private OpenPoints() {}

    /** The texts of the points, one per series or tag; empty when there is none. */
    public static List<String> of(SessionDetails details) {
        List<String> points = new ArrayList<>();
        details.series().forEach(series -> point(series).ifPresent(points::add));
        Optional<SessionChecked> checked = details.checked().map(Recorded::event);
        if (checked.isEmpty()) {
            points.add("whether it is complete is not judged yet");
        }
        checked.map(SessionChecked::rows).orElse(List.of()).stream()
                .filter(row -> row.outcome() != SessionChecked.Outcome.COMPLETE)
                .forEach(row -> points.add(row.tag() + ": " + row.found() + " of " + row.expectedWords() + " expected, "
                        + row.outcome().name().toLowerCase(java.util.Locale.ROOT)));
        checked.flatMap(SessionChecked::paired).orElse(List.of()).stream()
                .filter(SessionChecked.Paired::reportedHere)
                .forEach(row -> points.add("associated files " + row.label() + ": " + row.found() + " of "
                        + row.expected() + " expected"));
        return points;
    }

    private static Optional<String> point(SeriesDetails series) {
        SeriesStatus state = SeriesStatus.of(series);
        String which = "series " + series.scan() + " ";
        return switch (state.state()) {
            case REMOVED, IGNORED -> Optional.empty();
            case WORKING -> Optional.of(which + "is still processing");
            case FAILED, ATTENTION ->
                Optional.of(which
                        + (state.state() == SeriesStatus.State.FAILED ? "failed: " : "needs attention: ")
                        + state.reason().message());
            case DONE ->
                state.stage() == SeriesStatus.Stage.MEASURED
                        ? Optional.of(which + "is not reviewed")
                        : state.review() == SeriesDetails.Review.FLAGGED
                                ? Optional.of(which + "is flagged by a reviewer")
                                : Optional.empty();
        };
    }
}
