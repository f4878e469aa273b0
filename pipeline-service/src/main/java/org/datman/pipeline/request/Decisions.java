package org.datman.pipeline.request;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.FormerResult;
import org.datman.contracts.event.PipelineAnswered;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineRequestedBuilder;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.PipelineUpdatedBuilder;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.study.PipelineRule;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.pipeline.bids.BidsQueue;
import org.datman.pipeline.boutiques.Tool;
import org.datman.pipeline.run.Jobs;
import org.datman.pipeline.run.LatestLinks;
import org.datman.pipeline.selection.PairedFile;
import org.datman.pipeline.selection.Selection;
import org.datman.pipeline.selection.SessionFacts;
import org.datman.pipeline.selection.Sources;
import org.datman.pipeline.selection.TimePoint;
import org.datman.pipeline.selection.ToolResult;
import org.datman.pipeline.state.LastDecision;
import org.datman.pipeline.state.PipelineState;
import org.datman.pipeline.state.StoredSession;
import org.datman.platform.event.PermanentException;
import org.datman.platform.event.Texts;
import org.datman.platform.outbox.Outbox;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Decides for each pipeline of a session's study whether it may run, and publishes the decision when it has changed. */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
class Decisions {

    /** The run key when nothing runs yet. */
    static final String NO_RUN = "none";

    private static final Logger LOG = Logger.getLogger(Decisions.class);

    /** How a decision that a run is wanted begins, as it is stored; the name of the session and the run key follow. */
    private static final String REQUESTED = "requested ";

    /** How a decision that a pipeline waits begins, as it is stored; the name of the session and the reason follow. */
    private static final String WAITING = "waiting ";

    private static final ToolResult WRITTEN_FIRST =
            new ToolResult.Pending("waits for the BIDS dataset of the session to be written");

    private static final Reason NOT_WRITTEN =
            Reason.of("bids-pending", "It waits for the session to be written to its BIDS dataset");

    private final PipelineState state;
    private final PipelineRules rules;
    private final Jobs jobs;
    private final LatestLinks links;
    private final BidsQueue datasets;
    private final Outbox outbox;
    private final Clock clock;

    Decisions(
            PipelineState state,
            PipelineRules rules,
            Jobs jobs,
            LatestLinks links,
            BidsQueue datasets,
            Outbox outbox,
            Clock clock) {
        this.state = state;
        this.rules = rules;
        this.jobs = jobs;
        this.links = links;
        this.datasets = datasets;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** A decision that a run is wanted, as it is stored. */
    static String requested(String sessionName, String runKey) {
        return REQUESTED + sessionName + " " + runKey;
    }

    /** Whether a stored decision is that a run is wanted. */
    static boolean isRequested(String decision) {
        return decision.startsWith(REQUESTED);
    }

    /** Decides again because of an event. The session must be locked. */
    void decide(Envelope<?> cause, SessionRef session) {
        Known known = known(List.of(session)).get(0);
        decide(cause, known, pipelines(known), false, null);
    }

    /**
     * Decides some sessions again because rules, descriptors, results or a BIDS dataset changed. They must be locked.
     *
     * @param with the rules of all studies
     * @param ended whether one of their runs may have ended: then others that get its outputs are decided again, too
     * @param until after which no further one is decided
     * @return those that were decided, the first at least
     */
    List<SessionRef> decide(List<SessionRef> sessions, Map<String, StudyPipelines> with, boolean ended, Instant until) {
        List<SessionRef> decided = new ArrayList<>();
        for (Known known : known(sessions)) {
            if (!decided.isEmpty() && clock.instant().isAfter(until)) {
                return decided;
            }
            SessionFacts facts = known.state().facts();
            decide(null, known, facts == null ? null : with.get(facts.study()), ended, null);
            decided.add(known.session());
        }
        return decided;
    }

    /**
     * Decides on request of a person: permitted runs are requested again, refused ones are published with the reason.
     *
     * @return why nothing answers the request, to be said once what was decided beside it is stored; empty when a run or its refusal does
     */
    Optional<Reason> decideAgain(Envelope<ReprocessRequested> requested) {
        Known known = known(List.of(requested.event().session())).get(0);
        StudyPipelines pipelines = pipelines(known);
        requireSomethingToDecide(
                requested.event(), known.state().facts(), pipelines == null ? null : pipelines.study());
        return decide(requested, known, pipelines, false, requested.event());
    }

    /** Publishes that changed rules could not be applied to a session, which is not tried again before the next change. */
    void publishUndecided(SessionRef session, Map<String, StudyPipelines> with, int attempts, RuntimeException why) {
        outbox.publish(ProcessingFailedBuilder.builder()
                .service("pipeline")
                .stage("select")
                .kind(ProcessingFailed.Kind.PERMANENT)
                .attempts(attempts)
                .reason(new Reason(
                        "rules-not-applied",
                        "The study's changed pipeline rules could not be applied to this session: " + Texts.line(why),
                        "Press 'Re-import' of the session, which stores its events again. If this stays,"
                                + " press 'Reprocess', which starts its pipelines, or press 'Dismiss'. If it comes back,"
                                + " look at the log of the pipeline service"))
                .time(clock.instant())
                .session(Optional.of(session))
                .build());
        state.undecidable(session, PipelineRules.revisions(with));
    }

    /**
     * What is decided on: what is stored of a session, read before.
     *
     * @param underWay pipelines that have a run which has not ended
     * @param now what is decided otherwise than before, with its events, stored when all is decided
     */
    record Known(
            StoredSession state,
            Map<String, PipelineUpdated> runs,
            Set<String> underWay,
            BidsQueue.Content bids,
            Changes now) {

        SessionRef session() {
            return state.session();
        }

        /** A decision is published; returns its number, from 1. */
        int decided(String pipeline, String what) {
            LastDecision before = now.decisions().get(pipeline);
            int count = (before == null ? state.count(pipeline) : before.count()) + 1;
            now.decisions().put(pipeline, new LastDecision(what, count));
            return count;
        }
    }

    /** What is decided now: by pipeline, and the events that say so. */
    record Changes(Map<String, LastDecision> decisions, List<Event> events) {

        static Changes none() {
            return new Changes(new HashMap<>(), new ArrayList<>());
        }
    }

    List<Known> known(List<SessionRef> sessions) {
        Map<String, Map<String, PipelineUpdated>> runs = jobs.wanted(sessions);
        Map<String, Set<String>> underWay = jobs.underWay(sessions);
        Map<String, BidsQueue.Content> bids = datasets.contents(sessions);
        return state.read(sessions).stream()
                .map(each -> new Known(
                        each,
                        runs.getOrDefault(each.session().identity(), Map.of()),
                        underWay.getOrDefault(each.session().identity(), Set.of()),
                        bids.getOrDefault(each.session().identity(), BidsQueue.Content.UNKNOWN),
                        Changes.none()))
                .toList();
    }

    private @Nullable StudyPipelines pipelines(Known known) {
        SessionFacts facts = known.state().facts();
        return facts == null ? null : rules.of(facts.study()).orElse(null);
    }

    private Optional<Reason> decide(
            @Nullable Envelope<?> cause,
            Known known,
            @Nullable StudyPipelines pipelines,
            boolean ended,
            @Nullable ReprocessRequested requested) {
        Optional<Reason> unanswered = Optional.empty();
        SessionFacts facts = known.state().facts();
        if (facts == null || pipelines == null) {
            // The dashboard shows from session-discovered that it has no name or no study.
            LOG.debugf("Nothing to decide yet session=%s", known.session().identity());
            links.remove(known.session());
        } else {
            boolean answered = false;
            Map<String, ToolResult> results = new HashMap<>();
            List<TimePoint> others = others(facts, pipelines);
            List<PairedFile> paired = pipelines.study().pipelines().stream().anyMatch(PipelineRule::needsPairedData)
                    ? state.paired(known.session(), facts.sessionName())
                    : List.of();
            for (ReadyPipeline ready : pipelines.pipelines()) {
                PipelineRule any = ready.rule();
                Sources sources = new Sources(
                        results,
                        any.needsPlaceInBids() ? known.bids().known() : null,
                        paired,
                        timePoints(pipelines, facts, results, others));
                List<Selection.Task> tasks = Selection.tasks(any, facts);
                for (Selection.Task task : tasks) {
                    boolean wanted = isWanted(requested, any, task.rule());
                    ToolResult result =
                            decide(known, pipelines.study(), ready, task, sources, wanted ? requested : null);
                    if (!any.defaces()) {
                        results.put(
                                any.name(), ofParticipant(any, sources, facts).orElse(result));
                    }
                    answered |= wanted;
                }
                closeGone(known, any, tasks);
            }
            links.point(known.session(), facts, results);
            if (requested != null && !answered) {
                unanswered = Optional.of(noImage(requested, facts));
            }
        }
        boolean changed = !known.now().decisions().isEmpty();
        if (changed) {
            state.decided(known.session(), known.now().decisions());
            outbox.publish(cause, known.now().events());
        }
        tellOthers(known, facts, pipelines, ended || changed);
        state.decidedWith(
                known.session(), facts == null ? "" : facts.study(), pipelines == null ? null : pipelines.revision());
        return unanswered;
    }

    /** The other sessions of the participant with what they have now; none where no pipeline of the study needs them. */
    private List<TimePoint> others(SessionFacts facts, StudyPipelines pipelines) {
        if (!pipelines.perParticipant() || facts.phantom()) {
            return List.of();
        }
        List<SessionRef> refs =
                state
                        .ofParticipant(
                                facts.study(),
                                DatmanIds.parse(facts.sessionName()).fullSubject())
                        .stream()
                        .filter(session -> !session.equals(facts.session()))
                        .toList();
        return refs.isEmpty()
                ? List.of()
                : known(refs).stream()
                        .flatMap(known -> timePoint(known, pipelines).stream())
                        .toList();
    }

    private Optional<TimePoint> timePoint(Known known, StudyPipelines pipelines) {
        SessionFacts facts = known.state().facts();
        if (facts == null || facts.deleted()) {
            return Optional.empty();
        }
        Map<String, ToolResult> results = new HashMap<>();
        for (PipelineRule rule : pipelines.shared()) {
            String last = known.state().lastDecision(rule.name());
            results.put(
                    rule.name(),
                    last.startsWith(requested(facts.sessionName(), ""))
                            ? jobs.result(known.runs().get(rule.name()))
                                    .orElse(new ToolResult.Pending("has lost its outputs"))
                            // Why is said by that session: it changes often, and each change would be a decision of all
                            // others.
                            : new ToolResult.Pending(
                                    last.startsWith(WAITING + facts.sessionName() + " ")
                                            ? "waits itself"
                                            : "is not decided yet"));
        }
        return Optional.of(timePoint(pipelines, facts, results));
    }

    /** All sessions of the participant in their order, this one with what was decided just now. */
    private static List<TimePoint> timePoints(
            StudyPipelines pipelines, SessionFacts facts, Map<String, ToolResult> results, List<TimePoint> others) {
        return pipelines.perParticipant()
                ? Stream.concat(others.stream(), Stream.of(timePoint(pipelines, facts, results)))
                        .sorted(TimePoint.ORDER)
                        .toList()
                : List.of();
    }

    /** A session of a participant with its results. */
    static TimePoint timePoint(StudyPipelines pipelines, SessionFacts facts, Map<String, ToolResult> results) {
        return new TimePoint(
                facts.sessionName(),
                facts.date(),
                results,
                pipelines.shared().stream()
                        .filter(rule -> Selection.notWanted(rule, facts).isPresent())
                        .map(PipelineRule::name)
                        .collect(Collectors.toSet()));
    }

    /** What runs once for a participant is a result of the first session that it is for, and serves all of them. */
    static Optional<ToolResult> ofParticipant(PipelineRule rule, Sources sources, SessionFacts facts) {
        return rule.perParticipant()
                ? TimePoint.first(sources.timePoints(), rule)
                        .filter(first -> !first.sessionName().equals(facts.sessionName()))
                        .map(first ->
                                first.results().getOrDefault(rule.name(), new ToolResult.Pending("is not decided yet")))
                : Optional.empty();
    }

    private static boolean isWanted(@Nullable ReprocessRequested requested, PipelineRule rule, PipelineRule task) {
        return requested == null
                || requested
                        .pipeline()
                        .filter(only -> !only.equals(rule.name()) && !only.equals(task.name()))
                        .isEmpty();
    }

    /**
     * The other sessions of its participant are decided again when something of a session changed; and those of the participants of whom it was a
     * session by its last decisions, when it is none any more: it was renamed, moved to another study, or has no valid name now.
     */
    private void tellOthers(
            Known known, @Nullable SessionFacts facts, @Nullable StudyPipelines pipelines, boolean changed) {
        Participant now = facts == null || facts.phantom() ? null : Participant.of(facts.study(), facts.sessionName());
        if (now != null && changed && pipelines != null && pipelines.perParticipant()) {
            state.participantChanged(now.study(), now.subject());
        }
        String study = state.studyOfLastDecision(known.session());
        // A renaming changes decisions. Those on pipelines that are gone keep the name of before for ever.
        if (study.isEmpty() || !changed && facts != null && facts.study().equals(study)) {
            return;
        }
        known.state().decisions().values().stream()
                .flatMap(decision -> nameIn(decision.what()).stream())
                .map(name -> Participant.of(study, name))
                .filter(before -> !before.equals(now))
                .distinct()
                .sorted(Comparator.comparing(Participant::subject))
                .filter(before ->
                        rules.of(study).filter(StudyPipelines::perParticipant).isPresent())
                .forEach(before -> state.participantChanged(before.study(), before.subject()));
    }

    private record Participant(String study, String subject) {

        static Participant of(String study, String sessionName) {
            return new Participant(study, DatmanIds.parse(sessionName).fullSubject());
        }
    }

    /** The name of the session in a stored decision. */
    private static Optional<String> nameIn(String decision) {
        String[] words = decision.split(" ", 3);
        return words.length > 1 ? Optional.of(words[1]) : Optional.empty();
    }

    /** What waited for an image that was withdrawn or has another name now waits no longer. */
    private void closeGone(Known known, PipelineRule rule, List<Selection.Task> tasks) {
        SessionFacts session = known.state().facts();
        if (!rule.defaces() || session == null) {
            return;
        }
        Set<String> there = tasks.stream().map(task -> task.rule().name()).collect(Collectors.toSet());
        for (String pipeline : known.state().waiting()) {
            if (rule.isOf(pipeline) && !pipeline.equals(rule.name()) && !there.contains(pipeline)) {
                String stem = pipeline.substring(rule.name().length() + 1);
                publishNoRun(
                        known,
                        session,
                        rule.of(stem),
                        NoRun.notApplicable(
                                null,
                                Reason.of("image-gone", "There is no image " + stem + " of this session any more")),
                        false);
            }
        }
    }

    private static Reason noImage(ReprocessRequested requested, SessionFacts facts) {
        return new Reason(
                "no-image",
                "Session " + facts.sessionName() + " has no image on which "
                        + requested.pipeline().orElse("any pipeline of its study")
                        + " runs: it runs once for each image of its tag",
                "If there should be one, press 'Reconvert' of its series; its pipelines follow from it");
    }

    /** A person who requests a run must get a response. */
    private static void requireSomethingToDecide(
            ReprocessRequested requested, @Nullable SessionFacts facts, @Nullable StudyConfiguration study) {
        if (facts == null) {
            throw new PermanentException(
                    new Reason(
                            "no-session",
                            "The pipeline service knows no study and name of session "
                                    + requested.session().identity(),
                            "If the session has a valid label, press 'Re-import' of the session; its pipelines follow from it"));
        }
        List<String> names = study == null
                ? List.of()
                : study.pipelines().stream().map(PipelineRule::name).toList();
        if (study == null
                || names.isEmpty()
                || requested
                        .pipeline()
                        .filter(only ->
                                PipelineRule.find(study.pipelines(), only).isEmpty())
                        .isPresent()) {
            throw new PermanentException(new Reason(
                    "no-pipeline",
                    "Study " + facts.study() + " has "
                            + requested
                                    .pipeline()
                                    .map(only -> "no pipeline " + only)
                                    .orElse("no pipelines")
                            + (names.isEmpty() ? "" : "; it has " + String.join(", ", names)),
                    "Add it to the study file (Pipelines) if it should run"));
        }
    }

    private ToolResult decide(
            Known known,
            StudyConfiguration study,
            ReadyPipeline ready,
            Selection.Task task,
            Sources sources,
            @Nullable ReprocessRequested requested) {
        boolean force = requested != null;
        SessionFacts session = task.session();
        PipelineRule rule = task.rule();
        if (rule.needsPlaceInBids()
                && known.bids().pending()
                && !force
                && Selection.notWanted(rule, session).isEmpty()) {
            return awaitBids(known, session, rule);
        }
        Tool tool = ready.tool();
        if (tool == null) {
            Reason fault = Objects.requireNonNull(ready.fault());
            return publishNoRun(known, session, rule, NoRun.waiting(null, fault), force);
        }
        Selection.Outcome outcome = Selection.decide(rule, session, sources);
        if (outcome instanceof Selection.Runnable runnable) {
            return rule.isManual()
                    ? manualStep(known, session, study, rule, tool, runnable, requested)
                    : requestRun(known, session, study, rule, tool, ready.image(), runnable, requested);
        }
        NoRun none = outcome instanceof Selection.NotYet notYet
                ? NoRun.waiting(tool, notYet.reason())
                : NoRun.notApplicable(tool, ((Selection.NotWanted) outcome).reason());
        return publishNoRun(known, session, rule, none, force);
    }

    /** A run that hands on what a person answered; while nobody answered it waits. */
    private ToolResult manualStep(
            Known known,
            SessionFacts session,
            StudyConfiguration study,
            PipelineRule rule,
            Tool tool,
            Selection.Runnable runnable,
            @Nullable ReprocessRequested requested) {
        ManualStep step = ManualStep.of(rule, tool, session, runnable);
        Optional<PipelineAnswered> answer = state.answer(session.session(), rule.name(), step.key())
                .filter(given -> given.answer() != PipelineAnswered.Answer.REOPENED);
        return answer.isPresent()
                ? requestRun(
                        known,
                        session,
                        study,
                        rule,
                        tool,
                        null,
                        ManualStep.answered(tool, answer.get(), runnable),
                        requested)
                : publishNoRun(known, session, rule, NoRun.waitingForAPerson(tool, step, rule), requested != null);
    }

    /**
     * Decided once the dataset is written: on one that lacks what has just come the tool would run for nothing. Until then the last decision
     * holds, and with it a result: most events change no file of the dataset.
     */
    private ToolResult awaitBids(Known known, SessionFacts session, PipelineRule rule) {
        String last = known.state().lastDecision(rule.name());
        if (last.isEmpty()) {
            return publishNoRun(known, session, rule, NoRun.waiting(null, NOT_WRITTEN), false);
        }
        String requested = REQUESTED + session.sessionName() + " ";
        return last.startsWith(requested)
                ? jobs.result(known.runs().get(rule.name())).orElse(WRITTEN_FIRST)
                : WRITTEN_FIRST;
    }

    /**
     * That a pipeline is not run now.
     *
     * @param tool null while its descriptor cannot be read, or is not needed
     * @param step what waits for a person; null for anything else
     */
    private record NoRun(
            PipelineUpdated.State state,
            @Nullable Tool tool,
            Reason reason,
            @Nullable ManualStep step) {

        static NoRun waiting(@Nullable Tool tool, Reason reason) {
            return new NoRun(PipelineUpdated.State.WAITING, tool, reason, null);
        }

        static NoRun notApplicable(@Nullable Tool tool, Reason reason) {
            return new NoRun(PipelineUpdated.State.NOT_APPLICABLE, tool, reason, null);
        }

        static NoRun waitingForAPerson(Tool tool, ManualStep step, PipelineRule rule) {
            return new NoRun(PipelineUpdated.State.WAITING, tool, step.reason(rule), step);
        }

        /** As it is stored, to be published again only when it has changed. */
        String decision(String sessionName) {
            return state.name().toLowerCase(Locale.ROOT) + " " + sessionName + " " + reason.code() + ": "
                    + reason.message() + (step == null ? "" : " " + step.key());
        }

        /** For those that get its outputs. */
        ToolResult result() {
            return new ToolResult.Pending(
                    (state == PipelineUpdated.State.WAITING ? "waits itself: " : "is not run: ") + reason.message());
        }
    }

    private ToolResult publishNoRun(Known known, SessionFacts session, PipelineRule rule, NoRun none, boolean force) {
        String what = none.decision(session.sessionName());
        if (!force && what.equals(known.state().lastDecision(rule.name()))) {
            return none.result();
        }
        ManualStep step = none.step();
        Tool tool = none.tool();
        String runKey = step == null ? NO_RUN : step.key();
        int count = known.decided(rule.name(), what);
        if (known.underWay().contains(rule.name())) {
            jobs.withdraw(session.session(), rule.name(), none.reason());
        }
        known.now()
                .events()
                .add(PipelineUpdatedBuilder.builder()
                        .session(session.session())
                        .study(session.study())
                        .sessionName(session.sessionName())
                        .pipeline(rule.name())
                        .tool(
                                tool == null
                                        ? rule.descriptor()
                                        : tool.descriptor().name())
                        .toolVersion(tool == null ? "" : tool.descriptor().toolVersion())
                        .runKey(runKey)
                        .attempt(count)
                        .state(none.state())
                        .outputs(step == null ? List.of() : step.files())
                        .time(clock.instant())
                        .reason(Optional.of(none.reason()))
                        .places(Optional.ofNullable(step).map(ManualStep::places))
                        .former(former(known, rule, runKey))
                        .build());
        return none.result();
    }

    /** The result that goes out of date: that of the run that was wanted, which is read already, else the newest. */
    private Optional<FormerResult> former(Known known, PipelineRule rule, String runKey) {
        PipelineUpdated wanted = known.runs().get(rule.name());
        return wanted != null && wanted.state() == PipelineUpdated.State.SUCCEEDED
                ? Optional.of(new FormerResult(wanted.runKey(), wanted.toolVersion(), wanted.time(), List.of()))
                : jobs.former(known.session(), rule.name(), runKey);
    }

    private ToolResult requestRun(
            Known known,
            SessionFacts session,
            StudyConfiguration study,
            PipelineRule rule,
            Tool tool,
            @Nullable String image,
            Selection.Runnable runnable,
            @Nullable ReprocessRequested requested) {
        RunIdentity identity = RunIdentity.of(rule, tool, image, runnable);
        String what = requested(session.sessionName(), identity.runKey());
        boolean decided = what.equals(known.state().lastDecision(rule.name()));
        Optional<ToolResult> result =
                decided && requested == null ? jobs.result(known.runs().get(rule.name())) : Optional.empty();
        if (result.isPresent()) {
            return result.get();
        }
        int count = known.decided(rule.name(), what);
        known.now()
                .events()
                .add(PipelineRequestedBuilder.builder()
                        .session(session.session())
                        .study(session.study())
                        .sessionName(session.sessionName())
                        .pipeline(rule.name())
                        .tool(tool.descriptor().name())
                        .toolVersion(tool.descriptor().toolVersion())
                        .descriptorSha256(tool.sha256())
                        .parameters(identity.parameters())
                        .inputs(runnable.inputs())
                        .runKey(identity.runKey())
                        .requestedBy(requested == null ? PipelineRequested.BY_RULES : requested.requestedBy())
                        .requestId(requested == null ? PipelineRequested.BY_RULES + "-" + count : requested.requestId())
                        .configRevision(study.revision())
                        .time(clock.instant())
                        .sets(Optional.of(runnable.sets()).filter(some -> !some.isEmpty()))
                        .image(Optional.ofNullable(image))
                        .build());
        // Also of a known result: it is used again only once it was compared with the archive.
        return new ToolResult.Pending("has been asked for");
    }
}
