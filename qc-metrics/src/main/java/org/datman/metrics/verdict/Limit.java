package org.datman.metrics.verdict;

/**
 * What a metric may be; null on a side that is not judged.
 *
 * @param warnBelow values below this deserve a look
 * @param flagBelow values below this are bad
 * @param warnAbove values above this deserve a look
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
