package org.datman.pipeline.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.Reason;
import org.datman.platform.lease.LeasedRow;
import org.jspecify.annotations.Nullable;

/** A requested run and its state. */
@Entity
@Table(name = "job")
@SuppressWarnings("UnusedVariable") // columns that only queries compare
class JobRow extends LeasedRow {

    private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    /** {@code server/accession}. */
    private String session;

    private String study;

    private String pipeline;

    /** Name of the rule of which the pipeline is. */
    private String rule;

    /** Name of the runner of the last start. */
    private @Nullable String runner;

    /** Who cancelled it, when and why. */
    private @Nullable String cancelled;

    @Column(name = "run_key")
    private String runKey;

    @Column(name = "session_name")
    private String sessionName;

    @Column(name = "request_id")
    private String requestId;

    /** CloudEvents attributes of the request, as JSON. */
    private String headers;

    /** The request, as JSON. */
    private String request;

    private String state;

    /** As in events: incremented with every start of this run, by any request. */
    private int attempt;

    /** How often this job was started. */
    private int tries;

    @Column(name = "not_before")
    private Instant notBefore;

    /** The runner's handle of the run: a process, a cluster job. */
    private @Nullable String handle;

    /** The last {@code pipeline-updated}, as JSON. */
    private @Nullable String result;

    /** For Hibernate. */
    protected JobRow() {}

    /** A run that was requested and is to be queued, or to end with a known result. */
    JobRow(Envelope<PipelineRequested> envelope, String rule, int attempt, Instant notBefore) {
        PipelineRequested event = envelope.event();
        this.session = event.session().identity();
        this.study = event.study();
        this.pipeline = event.pipeline();
        this.rule = rule;
        this.runKey = event.runKey();
        this.sessionName = event.sessionName();
        this.requestId = event.requestId();
        this.headers = json(envelope.headers());
        this.request = new String(EventJson.write(event), StandardCharsets.UTF_8);
        this.state = PipelineUpdated.State.QUEUED.name();
        this.attempt = attempt;
        this.notBefore = notBefore;
    }

    long id() {
        return Objects.requireNonNull(id, "The job is not stored yet");
    }

    /** Whether it is the job that a folder names. */
    boolean isOf(Workspace.Named folder) {
        return folder.prefix().equals(Workspace.ofJob(folder.id(), session, pipeline, runKey, requestId));
    }

    String study() {
        return study;
    }

    String pipeline() {
        return pipeline;
    }

    String sessionName() {
        return sessionName;
    }

    String requestId() {
        return requestId;
    }

    boolean isIn(PipelineUpdated.State other) {
        return state.equals(other.name());
    }

    int attempt() {
        return attempt;
    }

    int tries() {
        return tries;
    }

    Optional<String> handle() {
        return Optional.ofNullable(handle);
    }

    /** The request that it is for. */
    Envelope<PipelineRequested> request() {
        try {
            Envelope<?> envelope = EventJson.read(
                    EventJson.mapper().readValue(headers, HEADERS), request.getBytes(StandardCharsets.UTF_8));
            @SuppressWarnings("unchecked") // only requests are stored
            Envelope<PipelineRequested> typed = (Envelope<PipelineRequested>) envelope;
            return typed;
        } catch (EventFormatException | JsonProcessingException e) {
            throw new Jobs.UnreadableException("The stored request " + id + " cannot be read any more", e);
        }
    }

    /** What was last published about it. */
    PipelineUpdated result() {
        return read(Objects.requireNonNull(result, "Nothing was published about the job"));
    }

    /** Reads what was last published about a job as it is stored. */
    static PipelineUpdated read(String result) {
        try {
            return EventJson.read(result.getBytes(StandardCharsets.UTF_8), PipelineUpdated.class);
        } catch (EventFormatException e) {
            throw new Jobs.UnreadableException("The stored result of a run cannot be read any more", e);
        }
    }

    /** Its state is now as in this event. */
    void published(PipelineUpdated update) {
        state = update.state().name();
        result = new String(EventJson.write(update), StandardCharsets.UTF_8);
    }

    /** The next start will be another attempt. */
    void nextAttempt() {
        attempt++;
    }

    /** A worker starts it on this runner. */
    void started(String on) {
        runner = on;
        tries++;
        handle = null;
    }

    /** The last start does not count. */
    void startDoesNotCount() {
        tries--;
    }

    /** A person cancelled it. */
    void cancel(String basis) {
        cancelled = basis;
    }

    /** Why it does not run, when a person cancelled it. */
    Optional<Reason> cancelled() {
        return Optional.ofNullable(cancelled)
                .map(basis -> new Reason(
                        "cancelled-by-person",
                        pipeline + " was cancelled " + basis,
                        "Press 'Run again' among the pipelines of the session page if it should run"));
    }

    /** It is not run for the same reason as that one. */
    void cancelledAs(JobRow other) {
        cancelled = other.cancelled;
    }

    void notBefore(Instant time) {
        notBefore = time;
    }

    /** No worker has it any more, and no process runs for it. */
    void ended() {
        handle = null;
        release();
    }

    private static String json(Map<String, String> headers) {
        try {
            return EventJson.mapper().writeValueAsString(headers);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("CloudEvents headers are always text", e);
        }
    }
}
