package org.datman.ingest.redcap;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.VisitPlanned;
import org.datman.contracts.event.VisitPlanned.State;
import org.datman.contracts.event.VisitPlannedBuilder;
import org.datman.contracts.naming.DatmanId;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.naming.NamingException;
import org.datman.contracts.study.RedcapPlan;
import org.datman.contracts.study.RedcapVisit;
import org.datman.contracts.study.StudyConfiguration;

/** What the records of REDCap plan. Pure. No text repeats what was typed into a field: staff may type names. */
final class PlanRules {

    /** What the fault of REDCap as a whole is about. */
    static final String REDCAP = "REDCap";

    /** A subject has the three first fields of a session. */
    private static final int UNDERSCORES_OF_A_SUBJECT = 2;

    private PlanRules() {}

    /** All visits that REDCap plans, and the records that plan none of the study; each visit once, revisions are 0. */
    static List<VisitPlanned> of(StudyConfiguration study, RedcapPlan plan, List<PlanRow> rows) {
        Map<String, VisitPlanned> all = new LinkedHashMap<>();
        // In the order of their ids, so that of two records that plan one visit it is always the same one that counts.
        rows.stream()
                .collect(Collectors.groupingBy(row -> row.key().record(), TreeMap::new, Collectors.toList()))
                .forEach((record, own) -> {
                    atOtherEvents(study, plan, own).forEach(fault -> all.put(fault.visit(), fault));
                    ofRecord(study, plan, record, own).forEach(visit -> add(all, visit));
                });
        return List.copyOf(all.values());
    }

    private static void add(Map<String, VisitPlanned> all, VisitPlanned visit) {
        VisitPlanned first = all.putIfAbsent(visit.visit(), visit);
        if (first != null) {
            String record = visit.records().get(0);
            VisitPlanned twice = visit.withVisit("record " + record + " for " + visit.visit())
                    .withState(State.UNREADABLE)
                    .withFrom(Optional.empty())
                    .withTo(Optional.empty())
                    .withReason(notAssigned(
                            record,
                            "it plans " + visit.visit() + ", which record "
                                    + first.records().get(0) + " plans already"));
            all.put(twice.visit(), twice);
        }
    }

    private static List<VisitPlanned> ofRecord(
            StudyConfiguration study, RedcapPlan plan, String record, List<PlanRow> rows) {
        Set<String> subjects = values(rows, plan.subjectField());
        Map<RedcapVisit, Set<String>> days = new LinkedHashMap<>();
        plan.visits().forEach(visit -> {
            List<PlanRow> own =
                    rows.stream().filter(row -> visit.isOf(row.key().event())).toList();
            Set<String> typed = values(own, visit.dateField());
            // A record without a subject and without days plans nothing.
            if (!own.isEmpty() && !(typed.isEmpty() && subjects.isEmpty())) {
                days.put(visit, typed);
            }
        });
        List<VisitPlanned> visits = new ArrayList<>();
        for (Map.Entry<RedcapVisit, Set<String>> entry : days.entrySet()) {
            RedcapVisit visit = entry.getKey();
            if (subjects.size() != 1) {
                return List.of(unassigned(
                        study,
                        record,
                        "its field " + plan.subjectField()
                                + (subjects.isEmpty() ? " is empty" : " has different subjects in its events")));
            }
            try {
                String name = timepoint(study, subjects.iterator().next(), visit.timepoint())
                        .withTimepoint();
                visits.add(visit(study, visit, record, name, entry.getValue()));
            } catch (NamingException e) {
                return List.of(unassigned(
                        study,
                        record,
                        "its field " + plan.subjectField()
                                + " is no subject of the study; allowed: STUDY_SITE_SUBJECT with a study and site of "
                                + study.sitesByCode()));
            }
        }
        return visits;
    }

    private static Set<String> values(List<PlanRow> rows, String field) {
        return rows.stream()
                .map(row -> row.value(field))
                .filter(value -> !value.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The timepoint of a subject. KCNI has the subject as DATMAN has it, so which of both it is shows in whether it is of the study; a KCNI identifier is
     * mapped once, as {@link DatmanIds#parseRedcap} says.
     *
     * @throws NamingException when it is neither
     */
    private static DatmanId timepoint(StudyConfiguration study, String typed, String timepoint) {
        String subject = typed.toUpperCase(Locale.ROOT);
        if (subject.chars().filter(c -> c == '_').count() != UNDERSCORES_OF_A_SUBJECT || subject.contains("_PHA")) {
            throw new NamingException(subject, "subject", "is none", "STUDY_SITE_SUBJECT");
        }
        String name = subject + "_" + timepoint;
        try {
            return DatmanIds.parseFor(name, study.idMap(), study.sitesByCode());
        } catch (NamingException notDatman) {
            return DatmanIds.parseRedcapFor(name + "_SE01_MR", study.idMap(), study.sitesByCode());
        }
    }

    private static VisitPlanned visit(
            StudyConfiguration study, RedcapVisit visit, String record, String name, Set<String> typed) {
        String where = "field " + visit.dateField() + " of record " + record;
        Set<LocalDate> days = new TreeSet<>();
        String fault = typed.isEmpty() ? "is empty" : "";
        for (String day : typed) {
            try {
                days.add(RedcapRow.day(day));
            } catch (DateTimeParseException e) {
                fault = "is no day as 2026-01-31";
            }
        }
        if (fault.isEmpty() && days.size() > 1) {
            fault = "has different days in its events";
        }
        VisitPlanned planned =
                about(study, name, State.PLANNED).withRecords(List.of(record)).withField(visit.dateField());
        if (!fault.isEmpty()) {
            return planned.withState(State.UNDATED)
                    .withReason(
                            new Reason(
                                    "visit-without-day",
                                    "Session " + name + " is planned in REDCap for no day: " + where + " " + fault,
                                    "Correct it in REDCap; or plan the session, or that it will not come, in the file of VisitPlan"));
        }
        LocalDate day = days.iterator().next();
        return planned.withFrom(Optional.of(visit.from(day)))
                .withTo(Optional.of(visit.to(day)))
                .withReason(Reason.of(
                        "visit-planned-in-redcap",
                        "Session " + name + " is planned for " + day + " in REDCap, " + where));
    }

    /** Days at events that no timepoint names: the study file, or the record, forgot something. */
    private static List<VisitPlanned> atOtherEvents(StudyConfiguration study, RedcapPlan plan, List<PlanRow> rows) {
        Map<RedcapKey, Set<String>> fields = new LinkedHashMap<>();
        rows.forEach(row -> plan.visits().stream()
                .map(RedcapVisit::dateField)
                .filter(field -> !row.value(field).isEmpty()
                        && plan.visits().stream()
                                .noneMatch(visit -> visit.dateField().equals(field)
                                        && visit.isOf(row.key().event())))
                .forEach(field -> fields.computeIfAbsent(row.key(), key -> new TreeSet<>())
                        .add(field)));
        List<VisitPlanned> faults = new ArrayList<>();
        fields.forEach(
                (key, names) -> faults.add(
                        about(study, key.words(), State.UNREADABLE)
                                .withRecords(List.of(key.record()))
                                .withField(String.join(", ", names))
                                .withReason(
                                        new Reason(
                                                "visit-of-unknown-event",
                                                "REDCap has a planned day in field " + String.join(", ", names) + " of "
                                                        + key.words()
                                                        + ", and no timepoint under Visits of Redcap is that of this event",
                                                "Add the event to the Events of its timepoint in the study file, or take the day out of REDCap"))));
        return faults;
    }

    private static VisitPlanned unassigned(StudyConfiguration study, String record, String fault) {
        return about(study, "record " + record, State.UNREADABLE)
                .withRecords(List.of(record))
                .withReason(notAssigned(record, fault));
    }

    private static Reason notAssigned(String record, String fault) {
        return new Reason(
                "visit-not-assigned",
                "The visits that record " + record + " of REDCap plans are not expected: " + fault,
                "Correct the record in REDCap");
    }

    /** REDCap as a whole cannot be read. */
    static VisitPlanned notRead(StudyConfiguration study, Reason reason) {
        return about(study, REDCAP, State.UNREADABLE)
                .withReason(new Reason(
                        reason.code(),
                        "The visit plan in REDCap is not up to date, the visits that were read before apply: "
                                + reason.message(),
                        reason.action()));
    }

    /** What was published and holds no more. */
    static VisitPlanned withdrawn(VisitPlanned last) {
        boolean fault = last.state() == State.UNREADABLE;
        return last.withState(State.WITHDRAWN)
                .withFrom(Optional.empty())
                .withTo(Optional.empty())
                .withReason(Reason.of(
                        "visit-not-planned",
                        last.visit().equals(REDCAP)
                                ? "The visit plan in REDCap can be read again"
                                : fault
                                        ? "The visit plan has no fault any more at " + last.visit()
                                        : "Session " + last.visit() + " is not planned in REDCap any more"));
    }

    private static VisitPlanned about(StudyConfiguration study, String visit, State state) {
        return VisitPlannedBuilder.builder()
                .study(study.code())
                .visit(visit)
                .visitRevision(0)
                .state(state)
                .records(List.of())
                .field("")
                .configRevision(study.revision())
                .reason(Reason.of("visit-planned-in-redcap", ""))
                .build();
    }
}
