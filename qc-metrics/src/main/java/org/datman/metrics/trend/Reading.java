package org.datman.metrics.trend;

import java.time.LocalDate;
import java.util.Comparator;

/**
 * One value of a metric, of one image.
 *
 * @param image id of the image, unique; orders the readings of a day
 * @param content digest of the image's bytes: an image that came twice is read once
 * @param day of the scan
 * @param value finite
 * @param good whether the image counts towards the baseline: not flagged, not blacklisted by a rater
 */
public record Reading(String image, String content, LocalDate day, double value, boolean good)
        implements Comparable<Reading> {

    private static final Comparator<Reading> BY_TIME =
            Comparator.comparing(Reading::day).thenComparing(Reading::image);

    public Reading {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("a reading of " + image + " must be finite, but is " + value);
        }
    }

    @Override
    public int compareTo(Reading other) {
        return BY_TIME.compare(this, other);
    }
}
