package org.datman.simulator.container;

import java.time.Instant;

/**
 * A container that was started, or could not be.
 *
 * @param status {@code Complete} or {@code Failed}
 * @param output its output, or why it was not started
 */
public record Container(
        long id,
        long commandId,
        long wrapperId,
        String wrapper,
        String project,
        String session,
        String user,
        String commandLine,
        String status,
        String output,
        Instant time) {}
