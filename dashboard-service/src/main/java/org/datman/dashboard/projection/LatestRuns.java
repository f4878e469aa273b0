package org.datman.dashboard.projection;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.Reason;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The table {@code latest_run}: what each pipeline last said of each session. */
final class LatestRuns {

    private LatestRuns() {}

    /** Computes the rows of a session anew, in a transaction that has locked it. */
    static void update(Handle handle, String session, List<Recorded<PipelineUpdated>> newestFirst) {
        TreeMap<String, Recorded<PipelineUpdated>> latest = new TreeMap<>();
        newestFirst.forEach(run -> latest.putIfAbsent(run.event().pipeline(), run));
        handle.createUpdate("delete from latest_run where session = :session")
                .bind("session", session)
                .execute();
        PreparedBatch batch = handle.prepareBatch("""
                insert into latest_run (session, pipeline, study, name, tool, run_key, attempt, state, code, reason,
                    action, log, log_sha256, since)
                values (:session, :pipeline, :study, :name, :tool, :runKey, :attempt, :state, :code, :reason, :action,
                    :log, :logSha256, :since)
                """);
        latest.values().forEach(run -> add(batch, session, run));
        if (batch.size() > 0) {
            batch.execute();
        }
    }

    private static void add(PreparedBatch batch, String session, Recorded<PipelineUpdated> run) {
        PipelineUpdated event = run.event();
        Optional<FileRef> log = event.state() == PipelineUpdated.State.FAILED ? lastWords(event) : Optional.empty();
        batch.bind("session", session)
                .bind("pipeline", event.pipeline())
                .bind("study", event.study())
                .bind("name", event.sessionName())
                .bind("tool", event.tool() + " " + event.toolVersion())
                .bind("runKey", event.runKey())
                .bind("attempt", event.attempt())
                .bind("state", event.state().name())
                .bind("code", event.reason().map(Reason::code).orElse(""))
                .bind("reason", event.reason().map(Reason::message).orElse("").replace("\0", ""))
                .bind("action", event.reason().map(Reason::action).orElse("").replace("\0", ""))
                .bind("log", log.map(FileRef::path).orElse(""))
                .bind("logSha256", log.map(FileRef::sha256).orElse(""))
                .bind("since", run.at())
                .add();
    }

    /** The log that says why: that of errors, where the tool wrote one. */
    private static Optional<FileRef> lastWords(PipelineUpdated event) {
        List<FileRef> logs = event.outputs().stream()
                .filter(file -> file.role() == FileRole.LOG)
                .toList();
        return logs.stream()
                .filter(log -> log.path().endsWith(".stderr.txt"))
                .findFirst()
                .or(() -> logs.stream().findFirst());
    }
}
