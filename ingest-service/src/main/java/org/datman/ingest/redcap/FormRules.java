package org.datman.ingest.redcap;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.datman.contracts.event.FormChecked;
import org.datman.contracts.event.FormChecked.State;
import org.datman.contracts.event.FormCheckedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.contracts.study.RedcapRule;
import org.datman.contracts.study.StudyConfiguration;
import org.jspecify.annotations.Nullable;

/** Forms against the sessions that are there. Pure. */
final class FormRules {

    /** What the fault of REDCap as a whole is about. */
    static final String REDCAP = "REDCap";

    private FormRules() {}

    /**
     * A session that is on its server.
     *
     * @param timepoint the name without the repeat
     * @param day of the scan; null while the server has none
     * @param since when it was first seen
     */
    record Arrived(
            String name,
            String timepoint,
            boolean phantom,
            @Nullable LocalDate day,
            Instant since) {

        Optional<LocalDate> findDay() {
            return Optional.ofNullable(day);
        }
    }

    /** All forms of a study, and the sessions that lack one too long, with their state; revisions are 0. */
    static List<FormChecked> of(
            StudyConfiguration study, RedcapRule rule, List<RedcapForm> forms, List<Arrived> sessions, Instant now) {
        List<FormChecked> all = new ArrayList<>();
        Map<String, RedcapForm> bySession = new LinkedHashMap<>();
        forms.stream()
                .sorted(Comparator.comparing(RedcapForm::recorded)
                        .thenComparing(form -> form.key().words()))
                .forEach(form -> {
                    if (!form.fault().isEmpty()) {
                        all.add(unreadable(study, form, form.fault()));
                        return;
                    }
                    RedcapForm first = bySession.putIfAbsent(form.session(), form);
                    if (first != null) {
                        all.add(unreadable(
                                study,
                                form,
                                "it names session " + form.session() + ", which "
                                        + first.key().words() + " names already"));
                    }
                });
        Map<String, List<Arrived>> byName = sessions.stream().collect(Collectors.groupingBy(Arrived::name));
        Map<String, List<Arrived>> byTimepoint = sessions.stream().collect(Collectors.groupingBy(Arrived::timepoint));
        Set<String> withForm = new HashSet<>();
        bySession.forEach((name, form) -> {
            List<Arrived> come = byName.getOrDefault(name, byTimepoint.getOrDefault(name, List.of()));
            come.forEach(session -> withForm.add(session.name()));
            if (!come.isEmpty() || !rule.isException(name)) {
                all.add(checked(study, rule, form, come, now));
            }
        });
        sessions.stream()
                .filter(session -> !session.phantom()
                        && !withForm.contains(session.name())
                        && !rule.isException(session.name())
                        && session.findDay()
                                .filter(day ->
                                        rule.findFrom().filter(day::isBefore).isPresent())
                                .isEmpty()
                        && isOver(session.since(), rule.delay(), now))
                .collect(Collectors.groupingBy(Arrived::name, TreeMap::new, Collectors.toList()))
                .keySet()
                .forEach(name -> all.add(formMissing(study, rule, name)));
        return all;
    }

    private static boolean isOver(Instant since, Duration delay, Instant now) {
        return !now.isBefore(since.plus(delay));
    }

    private static FormChecked checked(
            StudyConfiguration study, RedcapRule rule, RedcapForm form, List<Arrived> come, Instant now) {
        String what =
                "The form of session " + form.session() + " (" + form.key().words() + ")";
        List<LocalDate> days =
                come.stream().flatMap(session -> session.findDay().stream()).toList();
        State state;
        Reason reason;
        if (come.isEmpty() && isOver(form.recorded(), rule.delay(), now)) {
            state = State.SCANS_MISSING;
            reason = new Reason(
                    "scans-missing",
                    what + " is complete, and no scans have arrived within "
                            + rule.delay().toHours() + " hours",
                    "Find out from the site whether it was scanned. If it was, upload it under this label; if the form is wrong,"
                            + " correct its session in REDCap; or name the session under Exceptions of Redcap in the study file");
        } else if (come.isEmpty()) {
            state = State.RECORDED;
            reason = Reason.of("form-recorded", what + " is complete, its scans have not arrived yet");
        } else if (form.day()
                .filter(day -> !days.isEmpty() && !days.contains(day))
                .isPresent()) {
            state = State.DIFFERENT_DAY;
            reason = new Reason(
                    "form-of-another-day",
                    what + " is of " + form.day().get() + ", the scans are of " + days.get(0),
                    "Correct the day or the session of the form in REDCap, or the label of the session on its server");
        } else {
            state = State.COMPLETE;
            reason = Reason.of("form-complete", what + " is complete, and its scans are there");
        }
        return form(study, form.session(), state, reason)
                .withRecords(List.of(form.key().record()))
                .withDate(form.day())
                .withSessions(
                        come.stream().map(Arrived::name).distinct().sorted().toList());
    }

    private static FormChecked formMissing(StudyConfiguration study, RedcapRule rule, String name) {
        return form(
                        study,
                        name,
                        State.FORM_MISSING,
                        new Reason(
                                "form-missing",
                                "Session " + name + " arrived more than "
                                        + rule.delay().toHours()
                                        + " hours ago, and no completed form in REDCap names it",
                                "Complete the form " + rule.instrument()
                                        + " in REDCap, or name the session under Exceptions of"
                                        + " Redcap in the study file"))
                .withSessions(List.of(name));
    }

    private static FormChecked unreadable(StudyConfiguration study, RedcapForm form, String fault) {
        return form(
                        study,
                        form.key().words(),
                        State.UNREADABLE,
                        new Reason(
                                "form-not-assigned",
                                "The form of " + form.key().words() + " in REDCap belongs to no session: " + fault,
                                "Correct the form in REDCap"))
                .withRecords(List.of(form.key().record()));
    }

    /** REDCap as a whole cannot be read. */
    static FormChecked notRead(StudyConfiguration study, Reason reason) {
        return form(study, REDCAP, State.UNREADABLE, reason);
    }

    /** What was published and holds no more. */
    static FormChecked withdrawn(FormChecked last) {
        return last.withState(State.WITHDRAWN)
                .withReason(Reason.of(
                        "form-withdrawn",
                        last.form().equals(REDCAP)
                                ? "The forms of REDCap can be read again"
                                : "Of " + last.form() + " nothing is missing any more, or the study expects no forms"));
    }

    private static FormChecked form(StudyConfiguration study, String about, State state, Reason reason) {
        return FormCheckedBuilder.builder()
                .study(study.code())
                .form(about)
                .formRevision(0)
                .state(state)
                .records(List.of())
                .sessions(List.of())
                .configRevision(study.revision())
                .reason(reason)
                .build();
    }
}
