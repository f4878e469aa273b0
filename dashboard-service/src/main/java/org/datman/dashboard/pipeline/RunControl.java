package org.datman.dashboard.pipeline;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.PipelineCancelled;
import org.datman.contracts.event.PipelinePaused;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.PipelineRule;
import org.datman.dashboard.acknowledgement.Acknowledgements;
import org.datman.dashboard.failure.Reprocess;
import org.datman.dashboard.projection.DetailsReader;
import org.datman.dashboard.projection.OwnEvents;
import org.datman.dashboard.projection.Projector;
import org.datman.dashboard.projection.Recorded;
import org.datman.dashboard.projection.SessionDetails;

/** Publishes what people decide about runs: to cancel one, to pause a pipeline, to run the failed ones again. */
@ApplicationScoped
public class RunControl {

    /** It is written into events, which are kept: a sentence, no report. */
    private static final int LONGEST_REASON = 300;

    private final Projector projector;
    private final DetailsReader detailsReader;
    private final RunListing runs;
    private final Reprocess reprocess;
    private final Acknowledgements acknowledgements;
    private final OwnEvents events;
    private final Clock clock;

    RunControl(
            Projector projector,
            DetailsReader detailsReader,
            RunListing runs,
            Reprocess reprocess,
            Acknowledgements acknowledgements,
            OwnEvents events,
            Clock clock) {
        this.projector = projector;
        this.detailsReader = detailsReader;
        this.runs = runs;
        this.reprocess = reprocess;
        this.acknowledgements = acknowledgements;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Cancels the run of a pipeline that is queued or running.
     *
     * @throws ClientErrorException when there is none (409), with the reason
     */
    @Transactional
    public PipelineCancelled cancel(SessionRef session, String pipeline, String reason, String by) {
        String why = checked(reason);
        // Serialized: several submits of one form are one cancellation.
        projector.lock(session.identity());
        SessionDetails details = detailsReader.of(session.identity());
        PipelineUpdated run = details.runs().stream()
                .map(Recorded::event)
                .filter(any -> any.pipeline().equals(pipeline))
                .findFirst()
                .filter(last ->
                        last.state() == PipelineUpdated.State.QUEUED || last.state() == PipelineUpdated.State.RUNNING)
                .orElseThrow(() -> refused("No run of " + pipeline + " is queued or running for this session now"));
        Optional<PipelineCancelled> before = details.cancelled(run);
        if (before.isPresent()) {
            return before.get();
        }
        PipelineCancelled event = new PipelineCancelled(
                session, run.study(), pipeline, run.runKey(), run.attempt(), why, by, clock.instant());
        events.publish(event);
        return event;
    }

    /**
     * Pauses a pipeline of a study, or lets it go on.
     *
     * @throws ClientErrorException when there is no such pipeline, or it is so already (409), with the reason
     */
    @Transactional
    public PipelinePaused pause(
            String study, String pipeline, PipelinePaused.Decision decision, String reason, String by) {
        String why = checked(reason);
        String rule = rule(study, pipeline).name();
        projector.lock("pipelines " + study);
        Map<String, PipelinePaused> pauses = detailsReader.pauses(study);
        Optional<PipelinePaused> paused =
                Optional.ofNullable(pauses.get(rule)).filter(last -> last.decision() == PipelinePaused.Decision.PAUSED);
        if (paused.isPresent() && decision == PipelinePaused.Decision.PAUSED) {
            throw refused(rule + " is paused already " + paused.get().basis());
        }
        if (paused.isEmpty() && decision == PipelinePaused.Decision.RESUMED) {
            throw refused(rule + " of study " + study + " is not paused");
        }
        PipelinePaused event = new PipelinePaused(study, rule, decision, why, by, clock.instant());
        events.publish(event);
        return event;
    }

    /**
     * Requests each failed run of a pipeline again: those that {@link RunListing#failed} lists.
     *
     * @param until only those that had failed by then: what a person saw
     * @throws ClientErrorException when there is no such pipeline (409)
     */
    public List<ReprocessRequested> retryFailed(String study, String pipeline, Instant until, String by) {
        PipelineRule rule = rule(study, pipeline);
        // Each in a transaction of its own: what fails midway is pressed again, and several submits are one request.
        return runs.failed(study, rule, until).stream()
                .map(run -> reprocess.runAgain(SessionRef.of(run.session()), run.pipeline(), by))
                .toList();
    }

    /**
     * Takes a failed run out of the inbox; its next attempt is another failure.
     *
     * @throws ClientErrorException when it is not the last of its pipeline, or did not fail (409)
     */
    @Transactional
    public void dismiss(SessionRef session, String pipeline, String runKey, String attempt, String by) {
        RunListing.Run run = runs.of(session, pipeline)
                .filter(last -> last.state().equals(PipelineUpdated.State.FAILED.name())
                        && last.runKey().equals(runKey)
                        && Integer.toString(last.attempt()).equals(attempt))
                .orElseThrow(() -> refused("This failed run no longer exists"));
        acknowledgements.acknowledge(run.dismissal(), session.identity(), by, "");
    }

    /**
     * Runs a pipeline of a session again.
     *
     * @throws ClientErrorException when the session has no such pipeline (409)
     */
    public ReprocessRequested runAgain(SessionRef session, String pipeline, String by) {
        if (runs.of(session, pipeline).isEmpty()) {
            throw refused("Session " + session.accession() + " has no pipeline '" + pipeline + "'");
        }
        return reprocess.runAgain(session, pipeline, by);
    }

    /** The rule of a pipeline of a study; refused (409) when there is none. */
    public PipelineRule rule(String study, String pipeline) {
        return runs.rule(study, pipeline)
                .orElseThrow(() -> refused("Study " + study + " has no pipeline '" + pipeline + "' in its file"));
    }

    private static String checked(String reason) {
        String why = reason.strip();
        if (why.isEmpty() || why.length() > LONGEST_REASON) {
            throw refused("Write why, in 1 to " + LONGEST_REASON + " characters");
        }
        return why;
    }

    private static ClientErrorException refused(String why) {
        return new ClientErrorException(why, Response.Status.CONFLICT);
    }
}
