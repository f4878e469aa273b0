package org.datman.pipeline.request;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.PipelineAnswered;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
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
    private static final ToolResult FIRST = new ToolResult.Pending("would run first");

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
        List<SessionRef> sessions = QuarkusTransaction.requiringNew().call(() -> latest.sessionsOf(changed).stream()
                .map(SessionDiscovered::session)
                .toList());
        List<Change> changes = new ArrayList<>();
        for (int from = 0; from < sessions.size(); from += AT_ONCE) {
            List<SessionRef> some = sessions.subList(from, Math.min(from + AT_ONCE, sessions.size()));
            changes.addAll(QuarkusTransaction.requiringNew().call(() -> decisions.known(some).stream()
                    .flatMap(known -> changes(known, pipelines).stream())
                    .toList()));
        }
        return PipelinePreview.of(
                changed.code(),
                pipelines.pipelines().stream().map(ready -> ready.rule().name()).toList(),
                sessions.size(),
                changes);
    }

    private List<Change> changes(Decisions.Known known, StudyPipelines pipelines) {
        SessionFacts facts = known.state().facts();
        if (facts == null) {
            return List.of();
        }
        List<PipelineRule> all = pipelines.study().pipelines();
        List<PairedFile> paired = all.stream().anyMatch(PipelineRule::needsPairedData)
                ? state.paired(known.session(), facts.sessionName())
                : List.of();
        List<Change> changes = new ArrayList<>();
        List<TimePoint> others = decisions.others(facts, pipelines);
        Map<String, ToolResult> results = new HashMap<>();
        for (ReadyPipeline ready : pipelines.pipelines()) {
            Sources sources = new Sources(
                    results,
                    ready.rule().needsPlaceInBids() ? known.bids().known() : null,
                    paired,
                    Decisions.timePoints(pipelines, facts, results, others));
            for (Selection.Task task : Selection.tasks(ready.rule(), facts)) {
                Wanted wanted = wanted(known, ready, task, sources);
                String name = task.rule().name();
                boolean before = Decisions.isRequested(known.state().lastDecision(name));
                boolean result = before && hasResult(known, name);
                changes.add(new Change(
                        ready.rule().name(),
                        facts.sessionName(),
                        wanted.fate(),
                        wanted.code(),
                        before,
                        result && wanted.fate() != Fate.UNCHANGED));
                results.put(
                        name,
                        Decisions.ofParticipant(ready.rule(), sources, facts).orElse(wanted.result()));
            }
        }
        known.state().decisions().forEach((name, decision) -> {
            if (Decisions.isRequested(decision) && PipelineRule.find(all, name).isEmpty()) {
                changes.add(new Change(name, facts.sessionName(), Fate.REMOVED, "", true, hasResult(known, name)));
            }
        });
        return changes;
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
            return follows(rule, not, sources)
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

    /** Whether all that it waits for is what would run first: with results in their place it waits for nothing. */
    private static boolean follows(PipelineRule rule, Selection.NotYet not, Sources sources) {
        List<String> first = rule.pipelines().stream()
                .filter(pipeline -> FIRST.equals(sources.results().get(pipeline)))
                .map(pipeline -> "It waits for " + pipeline + " of this session, which would run first")
                .toList();
        String left = not.reason().message();
        for (String sentence : first) {
            left = left.replace(sentence, "");
        }
        return !first.isEmpty() && left.replace(". ", "").isBlank();
    }
}
