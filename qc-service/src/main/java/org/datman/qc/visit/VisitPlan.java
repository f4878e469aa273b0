package org.datman.qc.visit;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.VisitChecked;
import org.datman.contracts.event.VisitChecked.State;
import org.datman.contracts.event.VisitCheckedBuilder;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.VisitRule;
import org.datman.qc.visit.RedcapVisits.UndatedVisit;
import org.jspecify.annotations.Nullable;

/** Planned visits against the sessions that are there. Pure. */
final class VisitPlan {

    /** Source of visits that follow from the first session of a subject. */
    static final String RULES = "Visits";

    /** The plan says that the visit will not come. */
    static final String NOT_EXPECTED = "visit-not-expected";

    private VisitPlan() {}

    /**
     * All visits of a study with their state on a day; visit revisions are 0. For a timepoint of a subject visits of the file have precedence over
     * those in REDCap, and these over those that {@code Visits} plans.
     *
     * @param fromFile what the file of {@code VisitPlan} plans
     * @param redcap what is planned in REDCap
     * @param notExpected what the file says will not come
     * @param sessions those of the study that are on XNAT
     */
    static List<VisitChecked> of(
            StudyConfiguration study,
            List<PlannedVisit> fromFile,
            RedcapVisits redcap,
            List<NotExpected> notExpected,
            List<ArrivedSession> sessions,
            LocalDate today) {
        Map<String, PlannedVisit> planned = new LinkedHashMap<>();
        fromFile.forEach(visit -> planned.put(visit.name(), visit));
        Set<String> timepoints =
                fromFile.stream().map(PlannedVisit::timepoint).collect(Collectors.toCollection(HashSet::new));
        redcap.visits().stream()
                .filter(visit -> timepoints.add(visit.timepoint()))
                .forEach(visit -> planned.put(visit.name(), visit));
        Set<String> firsts = new HashSet<>();
        byRules(study.visits(), sessions, firsts).stream()
                .filter(visit -> timepoints.add(visit.timepoint()))
                .forEach(visit -> planned.put(visit.name(), visit));
        List<VisitChecked> all = new ArrayList<>();
        Set<ArrivedSession> arrived = new HashSet<>();
        Map<String, List<ArrivedSession>> byTimepoint =
                sessions.stream().collect(Collectors.groupingBy(ArrivedSession::timepoint));
        planned.values().forEach(visit -> {
            List<ArrivedSession> come = byTimepoint.getOrDefault(visit.timepoint(), List.of()).stream()
                    .filter(visit::fits)
                    .sorted(Comparator.comparing(ArrivedSession::name))
                    .toList();
            arrived.addAll(come);
            Optional<NotExpected> dropped = notExpected.stream()
                    .filter(line -> come.isEmpty() && line.drops(visit))
                    .findFirst();
            all.add(dropped.map(line -> notExpected(study, visit.name(), line.source()))
                    .orElseGet(() -> checked(study, visit, come, today)));
        });
        redcap.undated().forEach((visit, why) -> {
            List<ArrivedSession> come = byTimepoint.getOrDefault(visit.name(), List.of()).stream()
                    .sorted(Comparator.comparing(ArrivedSession::name))
                    .toList();
            // What has its day elsewhere, or will not come, needs none in REDCap.
            if (!timepoints.contains(visit.name())
                    && (!come.isEmpty() || notExpected.stream().noneMatch(line -> line.denies(visit.name())))) {
                arrived.addAll(come);
                all.add(undated(study, visit, come, why));
            }
        });
        redcap.faults().forEach((where, why) -> all.add(visit(study, where, "REDCap", State.UNREADABLE, why)));
        sessions.stream()
                .filter(session -> !session.id().isPhantom()
                        && !arrived.contains(session)
                        && !firsts.contains(session.timepoint()))
                .collect(Collectors.groupingBy(ArrivedSession::name, TreeMap::new, Collectors.toList()))
                .forEach((name, same) -> all.add(unplanned(study, name, same.get(0))));
        notExpected.stream()
                .filter(line -> !line.where().isEmpty())
                .filter(line -> redcap.undated().keySet().stream().noneMatch(visit -> line.denies(visit.name()))
                        || sessions.stream().anyMatch(line::denies))
                .flatMap(line -> withoutEffect(study, line, planned.values(), sessions).stream())
                .forEach(all::add);
        return all;
    }

    /** A visit of REDCap without a day: a fault, unless it came all the same. */
    private static VisitChecked undated(
            StudyConfiguration study, UndatedVisit visit, List<ArrivedSession> come, Reason why) {
        if (come.isEmpty()) {
            return visit(study, visit.name(), visit.source(), State.UNREADABLE, why);
        }
        Reason reason = Reason.of(
                "visit-arrived",
                "Session " + visit.name() + " arrived as " + names(come) + ", and has no planned day in "
                        + visit.source());
        return visit(study, visit.name(), visit.source(), State.ARRIVED, reason)
                .withSessions(come.stream().map(ArrivedSession::name).toList())
                .withDate(firstDay(come));
    }

    private static String names(List<ArrivedSession> come) {
        return come.stream().map(ArrivedSession::name).collect(Collectors.joining(", "));
    }

    private static Optional<LocalDate> firstDay(List<ArrivedSession> come) {
        return come.stream().flatMap(session -> session.findDay().stream()).min(Comparator.naturalOrder());
    }

    /** A line that says of what came that it will not come, or of nothing that is planned. */
    private static Optional<VisitChecked> withoutEffect(
            StudyConfiguration study,
            NotExpected line,
            Collection<PlannedVisit> planned,
            List<ArrivedSession> sessions) {
        Optional<String> came =
                sessions.stream().filter(line::denies).map(ArrivedSession::name).min(Comparator.naturalOrder());
        if (came.isPresent()) {
            return Optional.of(withoutEffect(
                    study,
                    line.where(),
                    line.source(),
                    line.name() + " will not come, as it says, and session " + came.get() + " is there"));
        }
        return planned.stream().anyMatch(line::drops)
                ? Optional.empty()
                : Optional.of(withoutEffect(
                        study,
                        line.where(),
                        line.source(),
                        line.name() + " will not come, as it says, and no visit of it is planned"));
    }

    /**
     * A line with {@code none} of a visit that another line plans: it stays expected.
     *
     * @param visit as the other line names it
     */
    static VisitChecked contradictory(StudyConfiguration study, String where, String visit, String file) {
        return withoutEffect(study, where, file, "another line plans " + visit + ", which stays expected");
    }

    private static VisitChecked withoutEffect(StudyConfiguration study, String where, String file, String why) {
        Reason reason = new Reason(
                "visit-plan-without-effect",
                "The visit plan has a line without effect, " + where + ": " + why,
                "Correct or remove this line of " + file + " in the folder of the studies");
        return visit(study, where, file, State.UNREADABLE, reason);
    }

    /**
     * A visit that will not come: of no plan any more, with the file that says so.
     *
     * @param name of the visit
     */
    private static VisitChecked notExpected(StudyConfiguration study, String name, String file) {
        return visit(
                study,
                name,
                file,
                State.WITHDRAWN,
                Reason.of(NOT_EXPECTED, "Session " + name + " is not expected, as " + file + " says"));
    }

    /** @param firsts takes the timepoint of the first session of each subject, which starts its plan */
    private static List<PlannedVisit> byRules(
            List<VisitRule> rules, List<ArrivedSession> sessions, Set<String> firsts) {
        if (rules.isEmpty()) {
            return List.of();
        }
        List<PlannedVisit> visits = new ArrayList<>();
        sessions.stream()
                .filter(session -> !session.id().isPhantom())
                .collect(
                        Collectors.groupingBy(session -> session.id().fullSubject(), TreeMap::new, Collectors.toList()))
                .forEach((subject, own) -> own.stream()
                        .flatMap(session -> session.findDay().stream().map(day -> Map.entry(day, session)))
                        .min(Comparator.comparing((Map.Entry<LocalDate, ArrivedSession> entry) -> entry.getKey())
                                .thenComparing(entry -> entry.getValue().name()))
                        .ifPresent(first -> {
                            firsts.add(first.getValue().timepoint());
                            rules.forEach(rule -> {
                                String name = subject + "_" + rule.timepoint();
                                visits.add(new PlannedVisit(
                                        name, name, rule.from(first.getKey()), rule.to(first.getKey()), RULES));
                            });
                        }));
        return visits;
    }

    private static VisitChecked checked(
            StudyConfiguration study, PlannedVisit visit, List<ArrivedSession> come, LocalDate today) {
        Optional<LocalDate> date = firstDay(come);
        State state = state(visit, come, today);
        return visit(study, visit.name(), visit.source(), state, reason(visit, state, come, date.orElse(null)))
                .withSessions(come.stream().map(ArrivedSession::name).toList())
                .withFrom(visit.findFrom())
                .withTo(Optional.of(visit.to()))
                .withDate(date);
    }

    private static State state(PlannedVisit visit, List<ArrivedSession> come, LocalDate today) {
        if (!come.isEmpty()) {
            return State.ARRIVED;
        }
        if (today.isAfter(visit.to())) {
            return State.OVERDUE;
        }
        return visit.findFrom().filter(today::isBefore).isPresent() ? State.PLANNED : State.DUE;
    }

    private static Reason reason(PlannedVisit visit, State state, List<ArrivedSession> come, @Nullable LocalDate date) {
        String name = "Session " + visit.name();
        return switch (state) {
            case OVERDUE ->
                new Reason(
                        "visit-overdue",
                        name + " was due by " + visit.to() + visit.origin() + " and has not arrived",
                        "Find out from the site whether it was scanned. If it was, upload it under this label;"
                                + (visit.origin().isEmpty() ? "" : " if its day moved, correct it in REDCap;")
                                + " if it will not be, write none as its day into the file of VisitPlan");
            case DUE -> Reason.of("visit-due", name + " is due until " + visit.to() + end(visit));
            case ARRIVED ->
                Reason.of(
                        "visit-arrived",
                        name + " arrived"
                                + (visit.name().equals(come.get(0).name()) ? "" : " as " + names(come))
                                + (date == null ? "" : " of " + date + outside(visit, date)));
            default ->
                Reason.of(
                        "visit-planned",
                        name + " is planned from " + visit.from() + " until " + visit.to() + end(visit));
        };
    }

    /** The origin at the end of a sentence. */
    private static String end(PlannedVisit visit) {
        String origin = visit.origin();
        return origin.isEmpty() ? "" : origin.substring(0, origin.length() - 1);
    }

    private static String outside(PlannedVisit visit, LocalDate day) {
        if (day.isAfter(visit.to())) {
            return ", after " + visit.to();
        }
        return visit.findFrom()
                .filter(day::isBefore)
                .map(from -> ", before " + from)
                .orElse("");
    }

    private static VisitChecked unplanned(StudyConfiguration study, String name, ArrivedSession session) {
        Reason reason = new Reason(
                "visit-unplanned",
                "Session " + name + " is there and the visit plan does not expect it",
                "Correct its label on XNAT, or add it to the plan");
        return visit(study, name, "", State.UNPLANNED, reason)
                .withSessions(List.of(name))
                .withDate(session.findDay());
    }

    /**
     * A line of the plan that cannot be read, or its file.
     *
     * @param where the line, or the file
     */
    static VisitChecked unreadable(StudyConfiguration study, String where, String why, String file) {
        Reason reason = new Reason(
                "visit-plan-unreadable",
                "The visit plan cannot be read at " + where + ": " + why + "; "
                        + (where.equals(file)
                                ? "the visits that were read before apply"
                                : "the visit of this line is not expected"),
                "Correct " + file + " in the folder of the studies");
        return visit(study, where, file, State.UNREADABLE, reason);
    }

    /** A session whose stored name is outside today's grammar: it is compared with no plan, and stops no other. */
    static VisitChecked unreadableName(StudyConfiguration study, String name, String why) {
        Reason reason = new Reason(
                "visit-session-unreadable",
                "Session " + name + " is not compared with the visit plan, its name cannot be read: " + why,
                "Correct its label on XNAT");
        return visit(study, name, "", State.UNREADABLE, reason);
    }

    /** What was published of a visit that the plan does not name any more. */
    static VisitChecked withdrawn(VisitChecked last) {
        return last.withState(State.WITHDRAWN)
                .withReason(Reason.of(
                        "visit-withdrawn",
                        switch (last.state()) {
                            case UNREADABLE ->
                                last.source().isEmpty()
                                        ? "Session " + last.visit() + " is gone, or its name can be read"
                                        : "The visit plan has no fault any more at " + last.visit();
                            case UNPLANNED ->
                                "Session " + last.visit() + " is gone, or the study has no visit plan any more";
                            default -> "Session " + last.visit() + " is not planned any more";
                        }));
    }

    private static VisitChecked visit(
            StudyConfiguration study, String name, String source, State state, Reason reason) {
        return VisitCheckedBuilder.builder()
                .study(study.code())
                .visit(name)
                .visitRevision(0)
                .state(state)
                .sessions(List.of())
                .source(source)
                .configRevision(study.revision())
                .reason(reason)
                .build();
    }
}
