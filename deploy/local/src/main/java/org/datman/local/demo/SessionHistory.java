package org.datman.local.demo;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;

/** The events of one session. */
final class SessionHistory {

    final SessionRef session;
    final String accession;
    Optional<SessionDiscovered> discovered = Optional.empty();
    final List<SessionDiscovered> history = new ArrayList<>();
    Optional<SessionSettled> settled = Optional.empty();
    Optional<SessionChecked> checked = Optional.empty();
    Optional<Instant> firstSeen = Optional.empty();
    final Map<String, SeriesHistory> series = new TreeMap<>();
    final Map<String, PipelineUpdated> runs = new TreeMap<>();
    final List<PipelineUpdated> runHistory = new ArrayList<>();
    /** Ids of people's decisions. */
    final Set<String> reviews = new HashSet<>();

    final List<ProcessingFailed> failures = new ArrayList<>();

    SessionHistory(SessionRef session) {
        this.session = session;
        this.accession = session.accession();
    }

    SeriesHistory series(String scan) {
        return series.computeIfAbsent(scan, SeriesHistory::new);
    }

    /** The label that the session has now. */
    String label() {
        return discovered.map(SessionDiscovered::label).orElse(accession);
    }

    /** Whether it has, or once had, that label. */
    boolean wasCalled(String label) {
        return history.stream()
                .anyMatch(event -> event.label().equals(label)
                        || event.previousLabel().filter(label::equals).isPresent());
    }
}
