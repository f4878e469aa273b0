package org.datman.metrics.verdict;

/**
 * Limits of a metric; null for a side without a limit.
 *
 * @param warnBelow values below this cause a warning
 * @param flagBelow values below this are bad
 * @param warnAbove values above this cause a warning
 * @param flagAbove values above this are bad
 */
public record Limit(Double warnBelow, Double flagBelow, Double warnAbove, Double flagAbove) {

    static Limit flagAbove(double limit) {
        return new Limit(null, null, null, limit);
    }

    static Limit flagBelow(double limit) {
        return new Limit(null, limit, null, null);
    }

    static Limit above(double warn, double flag) {
        return new Limit(null, null, warn, flag);
    }

    static Limit warnAbove(double limit) {
        return new Limit(null, null, limit, null);
    }
}
