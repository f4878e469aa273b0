package org.datman.dashboard.projection;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.dashboard.projection.SeriesDetails.Review;
import org.datman.dashboard.projection.SeriesStatus.Stage;
import org.datman.dashboard.projection.SeriesStatus.State;
import org.jspecify.annotations.Nullable;

/**
 * A session as lists show it. Derived from its latest events alone.
 *
 * @param study study code; empty when unknown
 * @param name DATMAN name; empty when there is none
 * @param day of the scan; 1970-01-01 when unknown, so that it sorts last
 * @param settled when its upload was complete; null until then
 * @param checked whether completeness was checked
 * @param missing how many series are missing
 * @param working series in progress
 * @param attention series that need a person
 * @param unreviewed measured images' series without a valid decision
 * @param verdict the worst of all series; empty when none is measured
 * @param review {@code NEW, REVIEWED, SIGNED_OFF, STALE}
 * @param verdictSeconds from the first event of a series to its verdict, of the slowest series; null while none has one
 * @param search all texts by which it can be found, in lower case
 */
public record SessionSummary(
        String server,
        String accession,
        String study,
        String site,
        String name,
        String label,
        String previousLabel,
        String project,
        String subjectLabel,
        boolean phantom,
        LocalDate day,
        SessionDiscovered.Status status,
        boolean named,
        Reason nameProblem,
        State state,
        @Nullable Instant settled,
        boolean checked,
        boolean complete,
        int missing,
        int series,
        int working,
        int attention,
        int failed,
        int unreviewed,
        String verdict,
        String review,
        @Nullable Double verdictSeconds,
        String search) {

    /** A series with its state. */
    public record SeriesWithStatus(SeriesDetails details, SeriesStatus state) {}

    private static final LocalDate UNKNOWN_DAY = LocalDate.EPOCH;

    /** The row of a session of which only the accession may be known. */
    public static SessionSummary of(String session, SessionDetails details) {
        int slash = session.indexOf('/');
        List<SeriesWithStatus> placed = details.series().stream()
                .map(series -> new SeriesWithStatus(series, SeriesStatus.of(series)))
                .toList();
        List<SeriesWithStatus> present =
                placed.stream().filter(p -> p.state().state() != State.REMOVED).toList();
        Optional<SessionDiscovered> discovered = details.discovered().map(Recorded::event);
        Optional<SessionChecked> checked = details.checked().map(Recorded::event);
        List<SeriesTagged> tags = placed.stream()
                .flatMap(p -> p.details().findTagged().stream())
                .map(Recorded::event)
                .toList();
        String study = discovered
                .flatMap(SessionDiscovered::study)
                .or(() -> first(tags, SeriesTagged::study))
                .orElse("");
        String site = discovered
                .flatMap(SessionDiscovered::site)
                .or(() -> first(tags, SeriesTagged::site))
                .orElse("");
        String name = discovered.isPresent()
                ? discovered.get().name().orElse("")
                : first(tags, SeriesTagged::sessionName).orElse("");
        String label = discovered
                .map(SessionDiscovered::label)
                .or(() -> placed.stream()
                        .flatMap(p -> p.details().findDiscovered().stream())
                        .map(d -> d.event().sessionLabel())
                        .findFirst())
                .orElse("");
        SessionDiscovered.Status status =
                discovered.map(SessionDiscovered::status).orElse(SessionDiscovered.Status.PRESENT);
        String previousLabel =
                discovered.flatMap(SessionDiscovered::previousLabel).orElse("");
        String subjectLabel = discovered.map(SessionDiscovered::subjectLabel).orElse("");
        String accession = session.substring(slash + 1);
        int unreviewed = count(
                present,
                p -> p.state().stage() == Stage.MEASURED
                        || (p.state().stage() == Stage.EXPORTED && p.state().review() == Review.STALE));
        return new SessionSummary(
                session.substring(0, Math.max(0, slash)),
                accession,
                study,
                site,
                name,
                label,
                previousLabel,
                discovered.map(SessionDiscovered::project).orElse(""),
                subjectLabel,
                discovered.map(SessionDiscovered::phantom).orElse(tags.stream().anyMatch(SeriesTagged::phantom)),
                discovered
                        .flatMap(SessionDiscovered::date)
                        .or(() -> checked.flatMap(SessionChecked::date))
                        .orElse(UNKNOWN_DAY),
                status,
                discovered.isEmpty() || !name.isEmpty(),
                discovered.flatMap(SessionDiscovered::nameProblem).orElse(Reason.of("", "")),
                state(details, present, status, discovered.isEmpty() || !name.isEmpty()),
                details.settled().map(Recorded::at).orElse(null),
                checked.isPresent(),
                checked.map(SessionChecked::complete).orElse(false),
                checked.map(SessionSummary::missing).orElse(0),
                present.size(),
                count(present, p -> p.state().state() == State.WORKING),
                count(present, p -> p.state().state() == State.ATTENTION),
                count(present, p -> p.state().state() == State.FAILED),
                unreviewed,
                present.stream()
                        .flatMap(p -> p.state().findVerdict().stream())
                        .max(Comparator.naturalOrder())
                        .map(QcComplete.Level::name)
                        .orElse(""),
                review(details, present, unreviewed),
                placed.stream()
                        .flatMap(p -> verdictSeconds(p).stream())
                        .max(Comparator.naturalOrder())
                        .orElse(null),
                Stream.concat(
                                Stream.of(name, label, previousLabel, subjectLabel, accession),
                                present.stream().flatMap(SessionSummary::searchTexts))
                        .filter(text -> !text.isEmpty())
                        .distinct()
                        .collect(Collectors.joining(" "))
                        .toLowerCase(Locale.ROOT)
                        .replace("\0", ""));
    }

    /** Tags and description of a series, by which sessions can be found. */
    private static Stream<String> searchTexts(SeriesWithStatus series) {
        return Stream.concat(
                series.details().findDiscovered().stream().map(d -> d.event().description()),
                series.details().findTagged().stream()
                        .flatMap(t -> t.event().assignments().stream())
                        .map(SeriesTagged.Assignment::tag));
    }

    /** From the first event of a series, at its current revision, to its verdict. */
    static Optional<Double> verdictSeconds(SeriesWithStatus series) {
        Optional<Instant> from = series.details().findDiscovered().map(Recorded::at);
        return series.state()
                .findMeasuredAt()
                .flatMap(to -> from.map(start -> to.toEpochMilli() - start.toEpochMilli()))
                .filter(millis -> millis >= 0)
                .map(millis -> millis / 1000.0);
    }

    private static State state(
            SessionDetails details, List<SeriesWithStatus> present, SessionDiscovered.Status status, boolean named) {
        if (status == SessionDiscovered.Status.DELETED) {
            return State.REMOVED;
        }
        boolean failed = details.failures().stream().anyMatch(f -> !f.kind().equals("TRANSIENT"))
                || present.stream().anyMatch(p -> p.state().state() == State.FAILED);
        if (failed) {
            return State.FAILED;
        }
        Optional<SessionChecked> checked = details.checked().map(Recorded::event);
        boolean accepted =
                signOff(details).filter(review -> covers(review, present)).isPresent();
        boolean incomplete = checked.filter(SessionSummary::hasGaps).isPresent() && !accepted;
        if (!named || incomplete || present.stream().anyMatch(p -> p.state().state() == State.ATTENTION)) {
            return State.ATTENTION;
        }
        boolean moving = details.settled().isEmpty()
                || checked.isEmpty()
                || present.stream().anyMatch(p -> p.state().state() == State.WORKING);
        return moving ? State.WORKING : State.DONE;
    }

    /** Whether the counts are wrong, and not only incomplete while series are in progress. */
    public static boolean hasGaps(SessionChecked checked) {
        return checked.rows().stream()
                .anyMatch(row -> row.outcome() != SessionChecked.Outcome.COMPLETE
                        && (row.outcome() != SessionChecked.Outcome.INCOMPLETE
                                || checked.pending().isEmpty()));
    }

    private static int missing(SessionChecked checked) {
        return checked.rows().stream()
                .filter(row -> row.outcome() == SessionChecked.Outcome.MISSING)
                .mapToInt(row -> Math.max(0, row.expected() - row.found()))
                .sum();
    }

    private static String review(SessionDetails details, List<SeriesWithStatus> present, int unreviewed) {
        Optional<QcReviewed> signOff = signOff(details);
        if (signOff.isPresent()) {
            return covers(signOff.get(), present) ? "SIGNED_OFF" : "STALE";
        }
        boolean anyReviewed = present.stream().anyMatch(p -> p.state().stage() == Stage.REVIEWED);
        return anyReviewed && unreviewed == 0 ? "REVIEWED" : "NEW";
    }

    private static Optional<QcReviewed> signOff(SessionDetails details) {
        return details.reviews().stream()
                .filter(review -> review.stem().isEmpty())
                .findFirst()
                .filter(review -> review.decision() == QcReviewed.Decision.SIGNED_OFF);
    }

    private static boolean covers(QcReviewed signOff, List<SeriesWithStatus> present) {
        return present.stream().flatMap(p -> p.details().images().stream()).allMatch(image -> signOff.seen()
                .contains(image.digest()));
    }

    private static Optional<String> first(List<SeriesTagged> tags, Function<SeriesTagged, Optional<String>> text) {
        return tags.stream().map(text).flatMap(Optional::stream).findFirst();
    }

    private static int count(List<SeriesWithStatus> series, java.util.function.Predicate<SeriesWithStatus> condition) {
        return (int) series.stream().filter(condition).count();
    }

    /** The series' tags in order, joined for lists. */
    static String tags(SeriesDetails series) {
        return series.findTagged().stream()
                .flatMap(t -> t.event().assignments().stream())
                .map(SeriesTagged.Assignment::tag)
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
