package org.datman.simulator.webhook;

import java.time.Duration;

/**
 * How one event is delivered.
 *
 * @param copies how often it is sent; 0 means that it is lost
 * @param delay before it is sent
 * @param hold held back until {@link Webhooks#release()}, which sends held events newest first
 * @param malformed whether the body is cut in the middle of its JSON (it is still signed)
 * @param project project in the body instead of the real one, empty for the real one
 * @param storm number of scan and resource events around it, as the Event Service sends for a large session
 * @param forged whether the signature is made with a wrong secret
 */
public record Emission(
        Shape shape,
        int copies,
        Duration delay,
        boolean hold,
        boolean malformed,
        String project,
        int storm,
        boolean forged) {

    /** One copy, at once. */
    public static Emission of(Shape shape) {
        return new Emission(shape, 1, Duration.ZERO, false, false, "", 0, false);
    }

    public static Emission canonical() {
        return of(Shape.CANONICAL);
    }

    public Emission copies(int n) {
        return new Emission(shape, n, delay, hold, malformed, project, storm, forged);
    }

    public Emission lost() {
        return copies(0);
    }

    public Emission delayed(Duration by) {
        return new Emission(shape, copies, by, hold, malformed, project, storm, forged);
    }

    public Emission held() {
        return new Emission(shape, copies, delay, true, malformed, project, storm, forged);
    }

    public Emission asMalformed() {
        return new Emission(shape, copies, delay, hold, true, project, storm, forged);
    }

    public Emission forProject(String foreign) {
        return new Emission(shape, copies, delay, hold, malformed, foreign, storm, forged);
    }

    public Emission storm(int events) {
        return new Emission(shape, copies, delay, hold, malformed, project, events, forged);
    }

    public Emission asForged() {
        return new Emission(shape, copies, delay, hold, malformed, project, storm, true);
    }
}
