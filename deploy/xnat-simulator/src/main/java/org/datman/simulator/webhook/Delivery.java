package org.datman.simulator.webhook;

import java.time.Instant;

/**
 * One delivery, successful or not.
 *
 * @param deliveryId value of {@code X-Datman-Delivery}; copies of one event share it
 * @param status HTTP status of the answer, 0 while there is none, -1 when the receiver could not be reached, -2 when lost on purpose
 */
public record Delivery(
        String deliveryId, Instant time, String event, String sessionId, Shape shape, String body, int status) {
    public static final int UNREACHABLE = -1;
    public static final int LOST = -2;
}
