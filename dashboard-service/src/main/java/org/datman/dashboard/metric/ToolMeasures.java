package org.datman.dashboard.metric;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.PipelineUpdated;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

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

    /**
     * A run that ended well.
     *
     * @param state of the pipeline now: {@code SUCCEEDED} unless something newer is said of it
     * @param reason code of the reason for that; empty without one
     */
    public record Computed(PipelineUpdated run, String state, String reason) {}

    /** Which run, of which pipeline, and what that says now. */
    public record Newest(String identity, String pipeline, String state, String reason) {}

    /** The newest runs of a study that ended well, by name of the session and pipeline. */
    public List<Newest> newest(String study) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        with run as (
                            select identity, session, published, payload ->> 'pipeline' as pipeline,
                                payload ->> 'sessionName' as name, payload ->> 'state' as state,
                                coalesce(payload #>> '{reason,code}', '') as reason
                            from latest_event
                            where topic = 'pipeline-updated' and payload ->> 'study' = :study),
                        said as (select distinct on (session, pipeline) session, pipeline, state, reason from run
                            order by session, pipeline, published desc),
                        done as (select distinct on (session, pipeline) session, pipeline, identity, name from run
                            where state = 'SUCCEEDED' order by session, pipeline, published desc)
                        select done.identity, pipeline, said.state, said.reason from done join said using (session, pipeline)
                        order by done.name, pipeline, done.identity
                        """)
                .bind("study", study)
                .map(ConstructorMapper.of(Newest.class))
                .list());
    }

    /** Reads runs with their numbers, in their order; no connection is held while the consumer is slow. */
    public void read(List<Newest> newest, Consumer<Computed> consumer) {
        for (int from = 0; from < newest.size(); from += RUNS) {
            List<Newest> some = newest.subList(from, Math.min(from + RUNS, newest.size()));
            Map<String, PipelineUpdated> runs =
                    runs(some.stream().map(Newest::identity).toList());
            for (Newest one : some) {
                PipelineUpdated run = runs.get(one.identity());
                // Of one that is gone meanwhile its successor was not asked for: it may be there or not.
                if (run != null) {
                    consumer.accept(new Computed(run, one.state(), one.reason()));
                }
            }
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
