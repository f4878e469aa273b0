package org.datman.contracts.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.datman.contracts.event.BurnedInText;
import org.datman.contracts.event.KeptDicom;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ScanId;
import org.datman.contracts.event.SeriesAssigned.Assigned;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.event.SeriesTaggedAssignmentBuilder;
import org.datman.contracts.event.SeriesTaggedBuilder;
import org.datman.contracts.naming.FileName;
import org.datman.contracts.naming.NamingException;
import org.datman.contracts.study.SessionNaming.Resolved;
import org.datman.contracts.study.SessionNaming.Unresolved;
import org.jspecify.annotations.Nullable;

/**
 * Decides the tag and the name of a series. Pure: the same data and rules give the same event, in the tagging
 * service and where a study file is tried out.
 */
public final class SeriesTagger {

    /** Code of the reason of a series whose assignment by a person the rules agree with. */
    static final String NOT_NEEDED = "assignment-not-needed";

    /** Code of the reason of a series that a person assigned to a tag that the study does not have. */
    static final String UNKNOWN_TAG = "assigned-tag-unknown";

    private static final String EXCLUDED = "excluded-by-check";

    private SeriesTagger() {}

    /** The decision on a series under the given configuration. */
    public static SeriesTagged decide(SeriesDiscovered series, StudyConfigurations studies) {
        Outcome outcome = new Outcome(series);
        SessionNaming.Resolution naming =
                SessionNaming.resolve(studies, series.project(), series.subjectLabel(), series.sessionLabel());
        if (naming instanceof Resolved resolved) {
            outcome.study = resolved.study().code();
            outcome.site = resolved.site().code();
            outcome.sessionName = resolved.sessionName();
            outcome.phantom = resolved.id().isPhantom();
            outcome.configRevision = resolved.study().revision();
            outcome.keptDicom = resolved.study().keptDicom();
            outcome.burnedInText = resolved.study().burnedInText();
            judge(series, resolved, outcome);
        } else if (naming instanceof Unresolved unresolved) {
            outcome.study = unresolved.findStudy().map(StudyConfiguration::code).orElse(null);
            outcome.configRevision =
                    unresolved.findStudy().map(StudyConfiguration::revision).orElse(studies.revision());
            outcome.decision = series.status() == SeriesDiscovered.Status.REMOVED ? Decision.REMOVED : Decision.UNNAMED;
            outcome.reason = new Reason(unresolved.reason().code(), unresolved.message(), unresolved.action());
        }
        return outcome.event();
    }

    private static void judge(SeriesDiscovered series, Resolved resolved, Outcome outcome) {
        switch (series.status()) {
            case REMOVED -> {
                outcome.decision = Decision.REMOVED;
                outcome.reason = Reason.of("removed-from-xnat", "Scan " + series.scan() + " is no longer on XNAT");
            }
            case NO_DICOM, EMPTY -> {
                tag(series, resolved, outcome);
                if (outcome.decision != Decision.IGNORED) {
                    outcome.notConvertible(series.problem()
                            .orElse(new Reason(
                                    "nothing-to-convert",
                                    "Scan " + series.scan() + " has no DICOM files on XNAT",
                                    "Send the series to XNAT again")));
                }
            }
            case PRESENT -> {
                tag(series, resolved, outcome);
                if (series.problem().isPresent()
                        && outcome.assigned == null
                        && (outcome.decision == Decision.UNMATCHED || outcome.decision == Decision.AMBIGUOUS)) {
                    // No rule can be applied to a header that could not be read: this is no decision of the study.
                    outcome.notConvertible(series.problem().get());
                }
            }
        }
    }

    private static void tag(SeriesDiscovered series, Resolved resolved, Outcome outcome) {
        SeriesFacts facts = SeriesFacts.of(series);
        TagDecision decision = Tagging.decide(
                facts, resolved.study(), resolved.site().code(), resolved.id().isPhantom());
        if (series.assigned().isPresent()) {
            byPerson(series, resolved, series.assigned().get(), decision, outcome);
            return;
        }
        outcome.explanation = explanation(decision.explanation());
        String summary = decision.explanation().summary();
        String file = resolved.study().file();
        if (decision instanceof TagDecision.Tagged tagged) {
            outcome.failed = tagged.failed();
            assign(series, resolved, tagged.assignments(), Reason.of("tagged", summary), outcome);
        } else if (decision instanceof TagDecision.Excluded excluded) {
            outcome.failed = excluded.failed();
            outcome.decision = Decision.UNMATCHED;
            outcome.reason = new Reason(
                    EXCLUDED,
                    summary,
                    "Assign the tag to the series if it is wanted all the same, or no tag; else correct the Checks of the tag in "
                            + file);
        } else if (decision instanceof TagDecision.Ignored) {
            outcome.decision = Decision.IGNORED;
            outcome.reason = Reason.of("ignored-by-rule", summary);
        } else if (decision instanceof TagDecision.Ambiguous ambiguous) {
            outcome.decision = Decision.AMBIGUOUS;
            outcome.reason = new Reason(
                    "several-tags-match",
                    summary,
                    "Make the patterns of " + ambiguous.tags() + " in " + file
                            + " exclude each other (ImageType, EchoNumber, Part or Header can tell them apart)");
        } else if (decision instanceof TagDecision.Unmatched) {
            outcome.decision = Decision.UNMATCHED;
            outcome.reason = new Reason(
                    "no-tag-matches",
                    summary,
                    "Add a tag or an Ignore rule for '" + series.description() + "' to " + file);
        }
    }

    /**
     * A person's assignment comes before all rules. They are tried all the same: their explanation is kept, and an assignment that
     * they agree with is not needed any more.
     */
    private static void byPerson(
            SeriesDiscovered series, Resolved resolved, Assigned assigned, TagDecision ruled, Outcome outcome) {
        outcome.assigned = assigned;
        String tag = assigned.tag().orElse(null);
        List<SeriesTagged.TagExplanation> explanation = new ArrayList<>();
        explanation.add(new SeriesTagged.TagExplanation(
                tag == null ? "No tag" : tag,
                true,
                List.of(new SeriesTagged.Clause(
                        "Assignment",
                        "by " + assigned.assignedBy() + " at " + assigned.time(),
                        assigned.reason(),
                        true))));
        explanation.addAll(explanation(ruled.explanation()));
        outcome.explanation = explanation;
        if (tag == null) {
            outcome.decision = Decision.IGNORED;
            outcome.reason = basis(
                    "Assigned no tag " + assigned.basis(),
                    ruled instanceof TagDecision.Ignored,
                    ruled.explanation().summary());
            return;
        }
        TagRule rule = resolved.site().tags().get(tag);
        if (rule == null) {
            outcome.decision = Decision.UNMATCHED;
            outcome.reason = new Reason(
                    UNKNOWN_TAG,
                    "Assigned to " + tag + " " + assigned.basis() + ", a tag that site "
                            + resolved.site().code() + " of " + resolved.study().file() + " does not have",
                    "Assign another tag to the series, or take the assignment back");
            return;
        }
        boolean same = ruled instanceof TagDecision.Tagged tagged
                && tagged.assignments().stream()
                        .map(TagDecision.Assignment::tag)
                        .toList()
                        .equals(List.of(tag));
        SeriesFacts facts = SeriesFacts.of(series);
        // The person's exception: what would exclude it is told, and excludes nothing.
        outcome.failed = Tagging.failed(rule, facts);
        assign(
                series,
                resolved,
                List.of(new TagDecision.Assignment(
                        rule,
                        rule.pattern().selector(),
                        rule.findCombine()
                                .flatMap(combine -> combine.group(facts))
                                .orElse(null))),
                basis(
                        "Assigned to " + tag + " " + assigned.basis()
                                + outcome.failed.stream()
                                        .map(check -> "; " + check.text())
                                        .collect(Collectors.joining()),
                        same,
                        ruled.explanation().summary()),
                outcome);
    }

    private static Reason basis(String assigned, boolean same, String rules) {
        return same
                ? new Reason(
                        NOT_NEEDED,
                        assigned + ". The rules give the same now: it is not needed any more",
                        "Take the assignment back; the rules decide as it does")
                : Reason.of("assigned-by-person", assigned + ". By the rules: " + rules);
    }

    private static void assign(
            SeriesDiscovered series,
            Resolved resolved,
            List<TagDecision.Assignment> chosen,
            Reason reason,
            Outcome outcome) {
        Optional<Long> number = number(series);
        if (number.isEmpty()) {
            outcome.decision = Decision.UNNAMED;
            outcome.reason = new Reason(
                    "no-series-number",
                    "Scan '" + series.scan() + "' has no series number, neither in its DICOM header nor in its id",
                    "Give the scan a numeric id on XNAT");
            return;
        }
        List<SeriesTagged.Assignment> assignments = new ArrayList<>();
        try {
            for (TagDecision.Assignment assignment : chosen) {
                FileName name =
                        FileName.of(resolved.id(), assignment.tag(), number.get(), description(series, number.get()));
                assignments.add(SeriesTaggedAssignmentBuilder.builder()
                        .tag(assignment.tag())
                        .stem(name.stem())
                        .qcKind(assignment
                                .rule()
                                .qcKind(resolved.id().isPhantom())
                                .key())
                        .formats(assignment.rule().formats().stream()
                                .map(Format::key)
                                .toList())
                        .echoNumber(assignment.selector().findEchoNumber())
                        .part(assignment.selector().findPart().map(Part::key))
                        .combine(assignment.findCombine())
                        .derived(assignment.selector().derived() ? Optional.of(true) : Optional.empty())
                        .phaseEncodingDirection(assignment.selector().findPhaseEncodingDirection())
                        .build());
            }
        } catch (NamingException e) {
            outcome.decision = Decision.UNNAMED;
            outcome.reason = new Reason(
                    "no-file-name",
                    e.getMessage(),
                    "Correct the tag in " + resolved.study().file());
            return;
        }
        outcome.decision = Decision.TAGGED;
        outcome.assignments = assignments;
        outcome.reason = reason;
    }

    private static Optional<Long> number(SeriesDiscovered series) {
        return series.seriesNumber().or(() -> new ScanId(series.scan()).number());
    }

    /** Two scans can share a series number ({@code 3} and {@code 3-MR1}); the scan id then keeps their names apart. */
    private static String description(SeriesDiscovered series, long number) {
        return series.scan().equals(Long.toString(number))
                ? series.description()
                : series.description() + "-scan-" + series.scan();
    }

    private static List<SeriesTagged.TagExplanation> explanation(Explanation explanation) {
        List<SeriesTagged.TagExplanation> rules =
                new ArrayList<>(explanation.rules().size());
        for (Explanation.Rule rule : explanation.rules()) {
            List<SeriesTagged.Clause> clauses = new ArrayList<>(rule.clauses().size());
            for (Explanation.Clause clause : rule.clauses()) {
                clauses.add(
                        new SeriesTagged.Clause(clause.field(), clause.expected(), clause.actual(), clause.matched()));
            }
            rules.add(new SeriesTagged.TagExplanation(rule.name(), rule.matched(), clauses));
        }
        return rules;
    }

    /** The event while it is being decided. */
    private static final class Outcome {

        private final SeriesDiscovered series;
        private Decision decision = Decision.UNMATCHED;
        private @Nullable String study;
        private @Nullable String site;
        private @Nullable String sessionName;
        private boolean phantom;
        private List<SeriesTagged.Assignment> assignments = List.of();
        private @Nullable Reason reason;
        private List<SeriesTagged.TagExplanation> explanation = List.of();
        private String configRevision = "";
        private KeptDicom keptDicom = KeptDicom.BLANKED;
        private BurnedInText burnedInText = BurnedInText.WITHHELD;
        private @Nullable Assigned assigned;
        private List<SeriesTagged.FailedCheck> failed = List.of();

        Outcome(SeriesDiscovered series) {
            this.series = series;
        }

        /** What a check excluded stays excluded: a decision of the study, beside which the problem is told. */
        void notConvertible(Reason problem) {
            assignments = List.of();
            if (reason != null && reason.code().equals(EXCLUDED)) {
                reason = new Reason(EXCLUDED, reason.message() + "; " + problem.message(), reason.action());
                return;
            }
            decision = Decision.NOT_CONVERTIBLE;
            reason = problem;
        }

        SeriesTagged event() {
            return SeriesTaggedBuilder.builder()
                    .session(series.session())
                    .seriesRevision(series.seriesRevision())
                    .decision(decision)
                    .phantom(phantom)
                    .scan(series.scan())
                    .description(series.description())
                    .assignments(assignments)
                    .reason(Objects.requireNonNull(reason, "every decision has a reason"))
                    .explanation(explanation)
                    .fileCount(series.fileCount())
                    .fingerprint(series.fingerprint())
                    .configRevision(configRevision)
                    .study(Optional.ofNullable(study))
                    .site(Optional.ofNullable(site))
                    .sessionName(Optional.ofNullable(sessionName))
                    .seriesNumber(series.seriesNumber())
                    .uid(series.uid())
                    .resource(series.resource())
                    .date(series.date())
                    .keptDicom(Optional.of(keptDicom).filter(kept -> kept != KeptDicom.BLANKED))
                    .burnedInText(Optional.of(burnedInText).filter(text -> text != BurnedInText.WITHHELD))
                    .checks(failed.isEmpty() ? Optional.empty() : Optional.of(failed))
                    .assigned(Optional.ofNullable(assigned))
                    .build();
        }
    }
}
