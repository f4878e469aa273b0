package org.datman.contracts.study;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The hours in which runs of a pipeline may start, every day; a run that has started goes on after them.
 *
 * @param from first minute
 * @param to first minute after them; before {@code from} they go on after midnight
 * @param weekends whether Saturdays and Sundays belong to them from midnight to midnight
 * @param zone where these are the hours
 */
public record OffPeak(LocalTime from, LocalTime to, boolean weekends, ZoneId zone) {

    /** How they are written. */
    static final String FORM = "hours as 19:00-07:00";

    private static final Set<DayOfWeek> WEEKEND = Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);
    private static final int DAYS = 8;

    /**
     * Reads {@code 19:00-07:00}.
     *
     * @throws IllegalArgumentException when it is written otherwise, or names no time
     */
    static OffPeak of(String text, boolean weekends, ZoneId zone) {
        String[] ends = text.split("-", -1);
        if (ends.length != 2) {
            throw new IllegalArgumentException("is not two times of day");
        }
        LocalTime from;
        LocalTime to;
        try {
            from = LocalTime.parse(ends[0].strip());
            to = LocalTime.parse(ends[1].strip());
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("has a time that is none", e);
        }
        if (from.equals(to)) {
            throw new IllegalArgumentException("begins when it ends");
        }
        return new OffPeak(from, to, weekends, zone);
    }

    /** Whether a run may start then. */
    public boolean contains(Instant time) {
        ZonedDateTime there = time.atZone(zone);
        if (weekends && WEEKEND.contains(there.getDayOfWeek())) {
            return true;
        }
        LocalTime clock = there.toLocalTime();
        boolean begun = !clock.isBefore(from);
        boolean notOver = clock.isBefore(to);
        return from.isBefore(to) ? begun && notOver : begun || notOver;
    }

    /** When the next run may start: that time itself while one may. */
    public Instant next(Instant time) {
        if (contains(time)) {
            return time;
        }
        LocalDate today = time.atZone(zone).toLocalDate();
        return Stream.iterate(today, day -> day.plusDays(1))
                .limit(DAYS)
                .flatMap(day -> Stream.of(LocalTime.MIDNIGHT, from)
                        .map(begin -> day.atTime(begin).atZone(zone).toInstant()))
                .filter(begin -> begin.isAfter(time) && contains(begin))
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** As in the study file, with the zone. */
    public String words() {
        return from + "-" + to + (weekends ? " and on weekends" : "") + " (" + zone + ")";
    }
}
