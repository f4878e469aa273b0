package org.datman.simulator.scanner;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.datman.simulator.scanner.Scenario.Fault;
import org.datman.simulator.scanner.Scenario.Session;

/** Plans what a scanner writes for a session: its series in order, and the faults of each. Pure. */
final class SessionPlanner {
    private static final double FIRST_SERIES_SECONDS = 9 * 3600 + 300;
    private static final double PAUSE_SECONDS = 25;

    /** A session's series and the record of its faults. */
    record Plan(List<SeriesPlan> series, List<PlantedFault> planted) {}

    private SessionPlanner() {}

    static Plan plan(Scenario scenario, int index) {
        Session session = scenario.sessions().get(index);
        LocalDate date = session.date() == null ? scenario.date().plusDays(index) : session.date();
        List<SeriesPlan> series = new ArrayList<>();
        double clock = FIRST_SERIES_SECONDS;
        for (SeriesProtocol protocol : session.series()) {
            List<Fault> own = session.faults().stream()
                    .filter(f -> protocol.key().equals(f.series()))
                    .toList();
            if (own.stream().anyMatch(f -> f.kind() == FaultKind.MISSING_SERIES)) {
                continue;
            }
            int runs = own.stream().anyMatch(f -> f.kind() == FaultKind.REPEATED_SERIES) ? 2 : 1;
            for (int run = 1; run <= runs; run++) {
                SeriesPlan planned = series(scenario, session, date, clock, series.size() + 1, run, protocol, own);
                series.add(planned);
                clock += planned.acquired() * planned.protocol().volumeDuration() / 1000 + PAUSE_SECONDS;
            }
        }
        return new Plan(List.copyOf(series), planted(session, series));
    }

    /** The later changes of the session, given where the late series were written. */
    static List<LaterEvent> later(Session session, Plan plan, Map<Integer, Path> lateFolders) {
        List<LaterEvent> events = new ArrayList<>();
        for (SeriesPlan s : plan.series()) {
            Path folder = lateFolders.get(s.number());
            if (s.late() != null && folder != null) {
                events.add(new LaterEvent.LateSeries(s.late(), folder, s.number()));
            }
        }
        for (Fault f : session.faults()) {
            if (f.kind() == FaultKind.RENAMED_SESSION) {
                events.add(new LaterEvent.Renamed(f.duration("after"), f.text("to")));
            } else if (f.kind() == FaultKind.DELETED_SESSION) {
                events.add(new LaterEvent.Deleted(f.duration("after")));
            }
        }
        events.sort(Comparator.comparing(LaterEvent::after));
        return events;
    }

    private static SeriesPlan series(
            Scenario scenario,
            Session session,
            LocalDate date,
            double clock,
            int number,
            int run,
            SeriesProtocol original,
            List<Fault> faults) {
        SeriesProtocol protocol = original;
        int acquired = original.volumes();
        int corrupt = 0;
        boolean noDicom = false;
        Duration late = null;
        List<Fault> inPixels = new ArrayList<>();
        for (Fault f : faults) {
            switch (f.kind()) {
                case PARAMETER_DRIFT -> protocol = protocol.with(f.text("parameter"), f.text("value"));
                case UNKNOWN_DESCRIPTION, AMBIGUOUS_DESCRIPTION ->
                    protocol = protocol.withDescription(f.text("description"));
                case TRUNCATED_SERIES -> acquired = f.integer("volumes");
                case CORRUPT_FILE -> corrupt = f.integer("file");
                case NO_DICOM -> noDicom = true;
                case LATE_SERIES -> late = f.duration("after");
                case SLICE_DROPOUT, MOTION, GHOST, SPIKE -> inPixels.add(f);
                case MISSING_SERIES, REPEATED_SERIES, RENAMED_SESSION, DELETED_SESSION, BAD_LABEL -> {}
            }
        }
        return new SeriesPlan(
                scenario.seed(),
                session.project(),
                session.label(),
                session.subject(),
                session.scanner(),
                session.phantom(),
                date,
                clock,
                number,
                run,
                protocol,
                acquired,
                List.copyOf(inPixels),
                corrupt,
                noDicom,
                late);
    }

    private static List<PlantedFault> planted(Session session, List<SeriesPlan> series) {
        List<PlantedFault> planted = new ArrayList<>();
        for (Fault f : session.faults()) {
            Map<String, Object> details = new HashMap<>(f.details());
            List<SeriesPlan> runs = series.stream()
                    .filter(s -> s.protocol().key().equals(f.series()))
                    .toList();
            String tag = session.series().stream()
                    .filter(p -> p.key().equals(f.series()))
                    .findFirst()
                    .map(SeriesProtocol::tag)
                    .orElse("");
            OptionalInt number = runs.isEmpty()
                    ? OptionalInt.empty()
                    : OptionalInt.of(runs.get(0).number());
            if (f.kind() == FaultKind.REPEATED_SERIES) {
                details.put(
                        "seriesNumbers", runs.stream().map(SeriesPlan::number).toList());
            }
            planted.add(new PlantedFault(f.kind(), session.label(), number, tag, details));
        }
        return List.copyOf(planted);
    }
}
