package org.datman.dashboard.today;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.datman.contracts.event.SessionChecked;
import org.jspecify.annotations.Nullable;

/**
 * A session of today as the person at the scanner needs it.
 *
 * @param session {@code server/accession}
 * @param title name that people use
 * @param scanDay day of the scan; null when it is not known
 * @param earlier whether it was scanned before yesterday and only arrived now
 * @param since when its first series or the session itself was discovered
 * @param state the worst of its series, and of what is missing
 * @param series those that need a look, the worst first, then all others in the order of the scan
 * @param missing what was expected and has not come; known once the session is complete on the server
 * @param checked whether the session was compared with what its study expects
 */
public record TodaySession(
        String session,
        String study,
        String title,
        boolean phantom,
        @Nullable LocalDate scanDay,
        boolean earlier,
        Instant since,
        State state,
        List<Scanned> series,
        List<Missing> missing,
        boolean checked) {

    /** From what needs the scanner to what needs nobody. */
    public enum State {
        RESCAN("rescan now", "✖"),
        MISSING("series missing", "✖"),
        LOOK("somebody must look", "▲"),
        MEASURING("being measured", "◷"),
        GOOD("good", "●");

        private final String words;
        private final String mark;

        State(String words, String mark) {
            this.words = words;
            this.mark = mark;
        }

        public String words() {
            return words;
        }

        /** A sign beside the colour. */
        public String mark() {
            return mark;
        }
    }

    /**
     * A series.
     *
     * @param number of the series; null when the header has none
     * @param why why it is in this state; empty when it is good
     * @param action what to do; empty when there is nothing
     * @param measured when it got its verdict; null before
     */
    public record Scanned(
            String scan,
            @Nullable Integer number,
            String description,
            String tag,
            State state,
            String why,
            String action,
            @Nullable Instant measured) {

        /** The tag, or the description of one that has none. */
        public String title() {
            return tag.isEmpty() ? description : tag;
        }

        public Optional<Instant> findMeasured() {
            return Optional.ofNullable(measured);
        }
    }

    /** A tag of which there are fewer than expected. */
    public record Missing(String tag, String expected, int found) {}

    /**
     * A series as it is stored.
     *
     * @param verdict level of automatic quality control; empty before
     * @param reasons those of the verdict
     */
    record Row(
            String scan,
            @Nullable Integer seriesNumber,
            String description,
            String tag,
            String state,
            String reason,
            String action,
            String verdict,
            @Nullable Instant discovered,
            @Nullable Instant measured,
            List<String> reasons) {}

    /** Series that need nobody, and are not shown one by one. */
    public long good() {
        return series.stream().filter(one -> one.state() == State.GOOD).count();
    }

    public List<Scanned> notGood() {
        return series.stream().filter(one -> one.state() != State.GOOD).toList();
    }

    public Optional<LocalDate> findScanDay() {
        return Optional.ofNullable(scanDay);
    }

    /** What a session is for the person at the scanner, by its stored series and the last check of it. */
    static TodaySession of(
            String session,
            String study,
            String title,
            boolean phantom,
            @Nullable LocalDate scanDay,
            boolean earlier,
            Instant since,
            boolean working,
            List<Row> rows,
            @Nullable SessionChecked check) {
        List<Scanned> series = rows.stream()
                .filter(row -> !row.state().equals("IGNORED") && !row.state().equals("REMOVED"))
                .map(row -> scanned(row, rows))
                .sorted(Comparator.comparing(Scanned::state)
                        .thenComparing(Scanned::number, Comparator.nullsLast(Comparator.naturalOrder()))
                        .thenComparing(Scanned::scan))
                .toList();
        List<Missing> missing = check == null
                ? List.of()
                : check.rows().stream()
                        .filter(row -> row.outcome() == SessionChecked.Outcome.MISSING)
                        .map(row -> new Missing(row.tag(), row.expectedWords(), row.found()))
                        .toList();
        List<State> states = new ArrayList<>(series.stream().map(Scanned::state).toList());
        if (!missing.isEmpty()) {
            states.add(State.MISSING);
        }
        if (series.isEmpty() && working) {
            states.add(State.MEASURING);
        }
        State worst = Stream.concat(states.stream(), Stream.of(State.GOOD))
                .min(Comparator.naturalOrder())
                .orElseThrow();
        return new TodaySession(
                session, study, title, phantom, scanDay, earlier, since, worst, series, missing, check != null);
    }

    private static Scanned scanned(Row row, List<Row> all) {
        if (row.state().equals("WORKING")) {
            return inState(row, State.MEASURING, "", "");
        }
        // A verdict first: a flagged image needs attention, too.
        if (row.verdict().equals("FLAG")) {
            String why = String.join("; ", row.reasons());
            return repeatedAs(row, all)
                    .map(later -> inState(row, State.GOOD, why, "repeated as series " + later))
                    .orElseGet(() -> inState(
                            row,
                            State.RESCAN,
                            why,
                            "Scan " + (row.tag().isEmpty() ? "it" : row.tag())
                                    + " again while the participant is here"));
        }
        if (row.verdict().equals("ERROR")) {
            return inState(
                    row,
                    State.LOOK,
                    "It cannot be measured: " + String.join("; ", row.reasons()),
                    "Look at the images at the scanner; scan again if they look wrong");
        }
        if (row.state().equals("FAILED")
                || row.state().equals("ATTENTION") && row.verdict().isEmpty()) {
            return inState(row, State.LOOK, row.reason(), row.action());
        }
        return inState(row, State.GOOD, row.verdict().equals("WARN") ? String.join("; ", row.reasons()) : "", "");
    }

    private static Scanned inState(Row row, State state, String why, String action) {
        return new Scanned(
                row.scan(), row.seriesNumber(), row.description(), row.tag(), state, why, action, row.measured());
    }

    /** The number of a later series of the same tag that is usable. */
    private static Optional<String> repeatedAs(Row row, List<Row> all) {
        return all.stream()
                .filter(other -> !row.tag().isEmpty() && other.tag().equals(row.tag()))
                .filter(other ->
                        other.verdict().equals("PASS") || other.verdict().equals("WARN"))
                .filter(other -> isLater(other, row))
                .map(other -> other.seriesNumber() == null ? other.scan() : String.valueOf(other.seriesNumber()))
                .findFirst();
    }

    private static boolean isLater(Row other, Row row) {
        Integer one = other.seriesNumber();
        Integer two = row.seriesNumber();
        if (one != null && two != null) {
            return one > two;
        }
        Instant first = other.discovered();
        Instant second = row.discovered();
        return first != null && second != null && first.isAfter(second);
    }
}
