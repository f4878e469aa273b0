package org.datman.simulator.scanner;

import java.util.Map;
import java.util.OptionalInt;

/**
 * One fault that the scanner put into its data, so that a check can verify that it was found.
 *
 * @param kind what was planted
 * @param sessionLabel label of the session as it first arrives
 * @param seriesNumber DICOM series number; empty for a missing series and for faults of the session
 * @param tag the tag that the series has (or would have) in the study's configuration; empty for faults of the session
 * @param details the fault as the scenario gives it (numbers, text, lists), and {@code seriesNumbers} for a repeated series
 */
public record PlantedFault(
        FaultKind kind, String sessionLabel, OptionalInt seriesNumber, String tag, Map<String, Object> details) {
    public PlantedFault {
        details = Map.copyOf(details);
    }
}
