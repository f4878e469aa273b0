package org.datman.simulator.scanner;

import java.nio.file.Path;
import java.time.Duration;

/** A change of a session after it arrived. */
public sealed interface LaterEvent {
    /** How long after the session's own arrival. */
    Duration after();

    /** A series that comes late. {@code folder} holds its files and is not below the session's folder. */
    record LateSeries(Duration after, Path folder, int seriesNumber) implements LaterEvent {}

    /** The session's label (and its subject's) changes. */
    record Renamed(Duration after, String newLabel) implements LaterEvent {}

    /** The session is deleted from XNAT. */
    record Deleted(Duration after) implements LaterEvent {}
}
