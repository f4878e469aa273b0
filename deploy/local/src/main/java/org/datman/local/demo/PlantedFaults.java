package org.datman.local.demo;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.ScanId;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.simulator.scanner.PlantedFault;
import org.jspecify.annotations.Nullable;

/** Whether the faults planted by the scanner were found, by the events of the services. */
final class PlantedFaults {

    private PlantedFaults() {}

    /** How it was found; empty when it was not. */
    static Optional<String> found(PlantedFault fault, SessionHistories histories) {
        Optional<SessionHistory> session = histories.called(fault.sessionLabel());
        if (session.isEmpty()) {
            return Optional.empty();
        }
        SessionHistory history = session.get();
        return switch (fault.kind()) {
            case SLICE_DROPOUT ->
                flag(fault, history, List.of("slice-dropout"))
                        .filter(f -> at(fault, "slice", f.slice().orElse(null))
                                && at(fault, "volume", f.volume().orElse(null)))
                        .findFirst()
                        .map(PlantedFaults::describe);
            case MOTION -> flag(fault, history, List.of("motion")).findFirst().map(PlantedFaults::describe);
            case GHOST -> flag(fault, history, List.of("ghost")).findFirst().map(PlantedFaults::describe);
            case SPIKE ->
                flag(fault, history, List.of("kspace-spike", "slice-spike"))
                        .filter(f -> at(fault, "volume", f.volume().orElse(null)))
                        .findFirst()
                        .map(PlantedFaults::describe);
            case PARAMETER_DRIFT ->
                measured(fault, history)
                        .flatMap(qc -> qc.headerDifferences().stream())
                        .filter(difference -> difference
                                .field()
                                .toLowerCase(Locale.ROOT)
                                .contains(String.valueOf(fault.details().get("parameter"))
                                        .toLowerCase(Locale.ROOT)))
                        .findFirst()
                        .map(difference -> difference.field() + " is "
                                + difference.actual().orElse("absent") + ", expected "
                                + difference.expected().orElse("absent"));
            case MISSING_SERIES -> row(fault, history, SessionChecked.Outcome.MISSING);
            case REPEATED_SERIES -> row(fault, history, SessionChecked.Outcome.REPEATED);
            case UNKNOWN_DESCRIPTION -> decision(fault, history, SeriesTagged.Decision.UNMATCHED);
            case AMBIGUOUS_DESCRIPTION -> decision(fault, history, SeriesTagged.Decision.AMBIGUOUS);
            case TRUNCATED_SERIES ->
                flag(fault, history, List.of("truncated")).findFirst().map(PlantedFaults::describe);
            case LATE_SERIES ->
                series(fault, history)
                        .filter(series -> series.tagged.isPresent())
                        .filter(series -> history.settled
                                .filter(settled -> settled.series().stream()
                                        .anyMatch(one -> one.scan().equals(series.scan)))
                                .isPresent())
                        .findFirst()
                        .map(series -> "scan " + series.scan + " was taken up after the session");
            case RENAMED_SESSION ->
                history.history.stream()
                        .filter(event -> event.status() == SessionDiscovered.Status.RENAMED)
                        .findFirst()
                        .map(event -> "renamed to " + event.label());
            case DELETED_SESSION ->
                history.discovered
                        .filter(event -> event.status() == SessionDiscovered.Status.DELETED)
                        .map(event -> "deleted");
            case BAD_LABEL ->
                history.discovered.flatMap(SessionDiscovered::nameProblem).map(problem -> problem.code());
            case CORRUPT_FILE ->
                series(fault, history)
                        .flatMap(series -> series.exported.stream())
                        .filter(exported -> exported.outcome() == SeriesExported.Outcome.FAILED
                                || exported.outcome() == SeriesExported.Outcome.PARTIAL)
                        .findFirst()
                        .flatMap(SeriesExported::reason)
                        .map(reason -> reason.message());
            case NO_DICOM ->
                series(fault, history)
                        .flatMap(series -> series.tagged.stream())
                        .filter(tagged -> tagged.decision() == SeriesTagged.Decision.NOT_CONVERTIBLE
                                || tagged.decision() == SeriesTagged.Decision.UNMATCHED)
                        .findFirst()
                        .map(tagged -> tagged.reason().message())
                        .or(() -> failedExport(fault, history));
        };
    }

    private static Optional<String> failedExport(PlantedFault fault, SessionHistory history) {
        return series(fault, history)
                .flatMap(series -> series.exported.stream())
                .filter(exported -> exported.outcome() == SeriesExported.Outcome.FAILED)
                .findFirst()
                .flatMap(SeriesExported::reason)
                .map(reason -> reason.message());
    }

    private static Stream<SeriesHistory> series(PlantedFault fault, SessionHistory history) {
        return history.series.values().stream()
                .filter(series -> fault.seriesNumber().isEmpty()
                        || number(series)
                                .filter(n -> n == fault.seriesNumber().getAsInt())
                                .isPresent());
    }

    private static Optional<Long> number(SeriesHistory series) {
        return series.discovered.flatMap(SeriesDiscovered::seriesNumber).or(() -> new ScanId(series.scan)
                .wholeNumber());
    }

    private static Stream<QcComplete> measured(PlantedFault fault, SessionHistory history) {
        return series(fault, history).flatMap(series -> series.measured.values().stream());
    }

    private static Stream<QcComplete.Flag> flag(PlantedFault fault, SessionHistory history, List<String> kinds) {
        return measured(fault, history).flatMap(qc -> qc.flags().stream()).filter(flag -> kinds.contains(flag.kind()));
    }

    private static boolean at(PlantedFault fault, String detail, @Nullable Integer actual) {
        Object planted = fault.details().get(detail);
        return planted == null || planted.toString().equals(String.valueOf(actual));
    }

    private static Optional<String> row(PlantedFault fault, SessionHistory history, SessionChecked.Outcome outcome) {
        return history.checked.stream()
                .flatMap(checked -> checked.rows().stream())
                .filter(row -> row.tag().equals(fault.tag()) && row.outcome() == outcome)
                .findFirst()
                .map(row -> row.tag() + ": expected " + row.expected() + ", found " + row.found());
    }

    private static Optional<String> decision(
            PlantedFault fault, SessionHistory history, SeriesTagged.Decision decision) {
        return series(fault, history)
                .flatMap(series -> series.tagged.stream())
                .filter(tagged -> tagged.decision() == decision)
                .findFirst()
                .map(tagged -> tagged.reason().message());
    }

    private static String describe(QcComplete.Flag flag) {
        return flag.kind() + " (" + flag.severity() + ")"
                + flag.volume().map(volume -> " volume " + volume).orElse("")
                + flag.slice().map(slice -> " slice " + slice).orElse("");
    }
}
