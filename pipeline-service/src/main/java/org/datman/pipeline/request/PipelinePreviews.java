package org.datman.pipeline.request;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.datman.contracts.event.PipelineAnswered;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.study.PipelineRule;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.pipeline.boutiques.Tool;
import org.datman.pipeline.request.PipelinePreview.Change;
import org.datman.pipeline.request.PipelinePreview.Fate;
import org.datman.pipeline.run.Jobs;
import org.datman.pipeline.selection.PairedFile;
import org.datman.pipeline.selection.Selection;
import org.datman.pipeline.selection.SessionFacts;
import org.datman.pipeline.selection.Sources;
import org.datman.pipeline.selection.TimePoint;
import org.datman.pipeline.selection.ToolResult;
import org.datman.pipeline.state.PipelineState;
import org.datman.platform.latest.LatestEvents;

/** Decides the sessions of a study by changed rules, and tells what would become of them: by the functions with which {@link Decisions} decides. */
@ApplicationScoped
class PipelinePreviews {

    private static final int AT_ONCE = 50;

    /** What a pipeline says that would run first. */
    private static final ToolResult FIRST = new ToolResult.Pending("would run first", true);

    private final PipelineState state;
    private final PipelineRules rules;
    private final Decisions decisions;
    private final Jobs jobs;
    private final LatestEvents latest;

    PipelinePreviews(PipelineState state, PipelineRules rules, Decisions decisions, Jobs jobs, LatestEvents latest) {
        this.state = state;
        this.rules = rules;
        this.decisions = decisions;
        this.jobs = jobs;
        this.latest = latest;
    }

    /** What a changed study file would do. */
    PipelinePreview of(StudyConfiguration changed) {
        StudyPipelines pipelines = rules.of(changed);
        List<PipelineRule> now =
                rules.of(changed.code()).map(of -> of.study().pipelines()).orElse(List.of());
        Map<String, List<SessionRef>> participants = new TreeMap<>();
        QuarkusTransaction.requiringNew().call(() -> latest.sessionsOf(changed)).forEach(session -> participants
                .computeIfAbsent(participant(session), any -> new ArrayList<>())
                .add(session.session()));
        List<Change> changes = new ArrayList<>();
        List<SessionRef> some = new ArrayList<>();
        int sessions = 0;
        for (List<SessionRef> participant : participants.values()) {
            some.addAll(participant);
            sessions += participant.size();
            if (some.size() >= AT_ONCE) {
                changes.addAll(changes(some, pipelines, now));
                some.clear();
            }
        }
        changes.addAll(changes(some, pipelines, now));
        return PipelinePreview.of(
                changed.code(),
                pipelines.pipelines().stream().map(ready -> ready.rule().name()).toList(),
                sessions,
                changes);
    }

    /** A phantom is none: each of its sessions stands for itself. */
    private static String participant(SessionDiscovered session) {
        return session.name()
                .filter(name -> !session.phantom())
                .map(name -> DatmanIds.parse(name).fullSubject())
                .orElse(session.session().identity());
    }

    /** @param sessions all of each participant */
    private List<Change> changes(List<SessionRef> sessions, StudyPipelines pipelines, List<PipelineRule> now) {
        return QuarkusTransaction.requiringNew().call(() -> {
            boolean paired = pipelines.study().pipelines().stream().anyMatch(PipelineRule::needsPairedData);
            Map<String, List<Visit>> participants = new TreeMap<>();
            for (Decisions.Known known : decisions.known(sessions)) {
                SessionFacts facts = known.state().facts();
                if (facts != null) {
                    participants
                            .computeIfAbsent(
                                    facts.phantom()
                                            ? known.session().identity()
                                            : DatmanIds.parse(facts.sessionName())
                                                    .fullSubject(),
                                    any -> new ArrayList<>())
                            .add(new Visit(
                                    known,
                                    facts,
                                    paired ? state.paired(known.session(), facts.sessionName()) : List.of(),
                                    new HashMap<>()));
                }
            }
            return participants.values().stream()
                    .flatMap(visits -> Stream.concat(
                            pipelines.pipelines().stream().flatMap(ready -> changes(ready, visits, pipelines).stream()),
                            visits.stream().flatMap(visit -> removed(visit, pipelines, now).stream())))
                    .toList();
        });
    }

    /**
     * A session of a participant.
     *
     * @param results by the changed rules so far
     */
    private record Visit(
            Decisions.Known known, SessionFacts facts, List<PairedFile> paired, Map<String, ToolResult> results) {}

    /** One pipeline of all sessions of a participant; that which runs once for all of them is decided first. */
    private List<Change> changes(ReadyPipeline ready, List<Visit> visits, StudyPipelines pipelines) {
        Optional<String> first =
                TimePoint.first(timePoints(visits, pipelines), ready.rule()).map(TimePoint::sessionName);
        List<Change> changes = new ArrayList<>();
        visits.stream()
                .sorted(Comparator.comparing(visit ->
                        first.filter(visit.facts().sessionName()::equals).isEmpty()))
                .forEach(visit -> changes.addAll(changes(ready, visit, timePoints(visits, pipelines))));
        return changes;
    }

    private static List<TimePoint> timePoints(List<Visit> visits, StudyPipelines pipelines) {
        return pipelines.perParticipant()
                ? visits.stream()
                        .map(visit -> Decisions.timePoint(pipelines, visit.facts(), visit.results()))
                        .sorted(TimePoint.ORDER)
                        .toList()
                : List.of();
    }

    private List<Change> changes(ReadyPipeline ready, Visit visit, List<TimePoint> timePoints) {
        PipelineRule rule = ready.rule();
        Decisions.Known known = visit.known();
        Sources sources = new Sources(
                visit.results(), rule.needsPlaceInBids() ? known.bids().known() : null, visit.paired(), timePoints);
        List<Change> changes = new ArrayList<>();
        for (Selection.Task task : Selection.tasks(rule, visit.facts())) {
            Wanted wanted = wanted(known, ready, task, sources);
            String name = task.rule().name();
            boolean before = Decisions.isRequested(known.state().lastDecision(name));
            boolean result = before && hasResult(known, name);
            changes.add(new Change(
                    rule.name(),
                    visit.facts().sessionName(),
                    wanted.fate(),
                    wanted.code(),
                    before,
                    result && wanted.fate() != Fate.UNCHANGED));
            visit.results()
                    .put(
                            name,
                            Decisions.ofParticipant(rule, sources, visit.facts())
                                    .orElse(wanted.result()));
        }
        return changes;
    }

    /** Pipelines that the rules of now have and the changed ones have not; decisions on what was removed before are older. */
    private static List<Change> removed(Visit visit, StudyPipelines pipelines, List<PipelineRule> now) {
        List<Change> removed = new ArrayList<>();
        visit.known().state().decisions().forEach((name, last) -> PipelineRule.find(now, name)
                .filter(rule -> Decisions.isRequested(last.what())
                        && PipelineRule.find(pipelines.study().pipelines(), name)
                                .isEmpty())
                .ifPresent(rule -> removed.add(new Change(
                        rule.name(),
                        visit.facts().sessionName(),
                        Fate.REMOVED,
                        "",
                        true,
                        hasResult(visit.known(), name)))));
        return removed;
    }

    private static boolean hasResult(Decisions.Known known, String pipeline) {
        PipelineUpdated run = known.runs().get(pipeline);
        return run != null && run.state() == PipelineUpdated.State.SUCCEEDED;
    }

    /** @param result what those get that get its outputs */
    private record Wanted(Fate fate, String code, ToolResult result) {}

    private Wanted wanted(Decisions.Known known, ReadyPipeline ready, Selection.Task task, Sources sources) {
        Tool tool = ready.tool();
        if (tool == null) {
            return new Wanted(Fate.WAITS, "descriptor-faulty", new ToolResult.Pending("has a faulty descriptor"));
        }
        PipelineRule rule = task.rule();
        Selection.Outcome outcome = Selection.decide(rule, task.session(), sources);
        if (outcome instanceof Selection.NotWanted not) {
            return new Wanted(
                    Fate.NOT_WANTED,
                    not.reason().code(),
                    new ToolResult.Pending("is not run: " + not.reason().message()));
        }
        if (outcome instanceof Selection.NotYet not) {
            return not.follows()
                    ? new Wanted(Fate.FOLLOWS, "", FIRST)
                    : new Wanted(
                            Fate.WAITS,
                            not.reason().code(),
                            new ToolResult.Pending(
                                    "waits itself: " + not.reason().message()));
        }
        Selection.Runnable runnable = (Selection.Runnable) outcome;
        if (rule.isManual()) {
            ManualStep step = ManualStep.of(rule, tool, task.session(), runnable);
            Optional<PipelineAnswered> answer = state.answer(known.session(), rule.name(), step.key())
                    .filter(given -> given.answer() != PipelineAnswered.Answer.REOPENED);
            if (answer.isEmpty()) {
                return new Wanted(
                        Fate.WAITS, step.reason(rule).code(), new ToolResult.Pending("would wait for a person"));
            }
            runnable = ManualStep.answered(tool, answer.get(), runnable);
        }
        String key = RunIdentity.of(rule, tool, ready.image(), runnable).runKey();
        String what = Decisions.requested(task.session().sessionName(), key);
        return what.equals(known.state().lastDecision(rule.name()))
                ? new Wanted(
                        Fate.UNCHANGED,
                        "",
                        jobs.result(known.runs().get(rule.name())).orElse(FIRST))
                : new Wanted(Fate.RUNS, "", FIRST);
    }
}
