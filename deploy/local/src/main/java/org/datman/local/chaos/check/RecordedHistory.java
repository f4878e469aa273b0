package org.datman.local.chaos.check;

import java.util.List;
import java.util.Map;

/**
 * All that a run left.
 *
 * @param events of all event topics, those of one partition in order
 * @param unreadable records of event topics that are no events
 * @param files of the archive
 * @param readModel answers of the dashboard, by address
 * @param rebuilt the same after the read model was rebuilt from the topics
 * @param open what was unfinished when waiting ended
 */
public record RecordedHistory(
        List<RecordedEvent> events,
        List<String> unreadable,
        List<RecordedDeadLetter> deadLetters,
        List<RecordedFile> files,
        Map<String, String> readModel,
        Map<String, String> rebuilt,
        List<String> open) {

    public RecordedHistory {
        events = List.copyOf(events);
        unreadable = List.copyOf(unreadable);
        deadLetters = List.copyOf(deadLetters);
        files = List.copyOf(files);
        readModel = Map.copyOf(readModel);
        rebuilt = Map.copyOf(rebuilt);
        open = List.copyOf(open);
    }
}
