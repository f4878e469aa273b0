package org.datman.dashboard.metric;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.PipelineUpdated;
import org.jdbi.v3.core.Jdbi;

/** The numbers that tools computed of the sessions of a study: of each session and pipeline those of the newest run that ended well. */
@ApplicationScoped
public class ToolMeasures {

    /** Of these all numbers are in memory at once. */
    private static final int RUNS = 50;

    // SQL, for reading only: events as they are stored, in an order of their content.
    private final Jdbi jdbi;

    ToolMeasures(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** The columns of the table, in their order, with what each means. */
    public static Map<String, String> columns() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("study", "Study code");
        columns.put("session", "Session, as DATMAN names it: STUDY_SITE_SUBJECT_TIMEPOINT_REPEAT");
        columns.put("pipeline", "Name of the pipeline in the study file");
        columns.put("tool", "Name of the tool in its Boutiques descriptor");
        columns.put("tool_version", "Version of the tool");
        columns.put("run_key", "SHA-256 of tool, version, descriptor, parameters and input digests");
        columns.put("ended", "When the run ended (UTC)");
        columns.put("measure", "What was measured");
        columns.put("region", "Where");
        columns.put("unit", "Unit of the value; 1 for none");
        columns.put("value", "The number");
        return columns;
    }

    /** The runs of a study, by session and pipeline; no connection is held while the consumer is slow. */
    public void all(String study, Consumer<PipelineUpdated> consumer) {
        List<String> newest = jdbi.withHandle(handle ->
                handle.createQuery("""
                        select identity from (
                            select distinct on (session, payload ->> 'pipeline') identity,
                                payload ->> 'sessionName' as name, payload ->> 'pipeline' as pipeline
                            from latest_event
                            where topic = 'pipeline-updated' and payload ->> 'study' = :study
                                and payload ->> 'state' = 'SUCCEEDED'
                            order by session, payload ->> 'pipeline', published desc) run
                        order by name, pipeline, identity
                        """).bind("study", study).mapTo(String.class).list());
        for (int from = 0; from < newest.size(); from += RUNS) {
            List<String> some = newest.subList(from, Math.min(from + RUNS, newest.size()));
            Map<String, PipelineUpdated> runs = runs(some);
            some.stream().map(runs::get).filter(Objects::nonNull).forEach(consumer);
        }
    }

    private Map<String, PipelineUpdated> runs(List<String> identities) {
        Map<String, PipelineUpdated> runs = new HashMap<>();
        jdbi.useHandle(handle -> handle.createQuery("select identity, payload from latest_event"
                        + " where topic = 'pipeline-updated' and identity = any(:identities)")
                .bindArray("identities", String.class, identities)
                .map((row, context) -> runs.put(row.getString("identity"), event(row.getString("payload"))))
                .list());
        return runs;
    }

    private static PipelineUpdated event(String payload) {
        try {
            return EventJson.read(payload.getBytes(StandardCharsets.UTF_8), PipelineUpdated.class);
        } catch (EventFormatException e) {
            throw new IllegalStateException("A stored event of pipeline-updated cannot be read", e);
        }
    }
}
