package org.datman.pipeline.state;

import java.util.List;
import java.util.Map;
import org.datman.contracts.event.SessionRef;
import org.datman.pipeline.selection.SessionFacts;
import org.jspecify.annotations.Nullable;

/**
 * What pipeline knows of a session.
 *
 * @param facts by the events of the other services; null while it has no study or no name
 * @param decisions the last ones, by pipeline
 */
public record StoredSession(SessionRef session, @Nullable SessionFacts facts, Map<String, LastDecision> decisions) {

    private static final String WAITING = "waiting ";

    public StoredSession {
        decisions = Map.copyOf(decisions);
    }

    /** The last decision on a pipeline; empty text before the first one. */
    public String lastDecision(String pipeline) {
        LastDecision last = decisions.get(pipeline);
        return last == null ? "" : last.what();
    }

    /** How often a pipeline was decided. */
    public int count(String pipeline) {
        LastDecision last = decisions.get(pipeline);
        return last == null ? 0 : last.count();
    }

    /** The pipelines of which the last decision is that they wait. */
    public List<String> waiting() {
        return decisions.entrySet().stream()
                .filter(decision -> decision.getValue().what().startsWith(WAITING))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
