package org.datman.simulator.scanner;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One session that the scanner has written.
 *
 * @param project XNAT project
 * @param subjectLabel XNAT subject label
 * @param sessionLabel XNAT session label
 * @param arriveAfter when it reaches XNAT, counted from the start of the demo
 * @param folder one sub-folder per series, named {@code <number>-<description>}
 * @param resources one sub-folder per session resource (paired data); null when there are none
 * @param later later changes, in order of time
 * @param planted its planted faults
 */
public record ScannedSession(
        String project,
        String subjectLabel,
        String sessionLabel,
        Duration arriveAfter,
        Path folder,
        @Nullable Path resources,
        List<LaterEvent> later,
        List<PlantedFault> planted) {
    public ScannedSession {
        later = List.copyOf(later);
        planted = List.copyOf(planted);
    }
}
