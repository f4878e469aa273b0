package org.datman.contracts.study;

import java.time.LocalDate;
import java.util.List;
import java.util.OptionalInt;

/** How many series of one tag a session should have, for people and for phantoms; periods do not overlap. */
public record Expectation(List<CountPeriod> people, List<CountPeriod> phantoms) {

    /** Any number is allowed. */
    public static final Expectation ANY = new Expectation(List.of(), List.of());

    public Expectation {
        people = List.copyOf(people);
        phantoms = List.copyOf(phantoms);
    }

    /** The count that applies on the day; empty when none is given, which means that any number is allowed. */
    public OptionalInt on(LocalDate day, boolean phantom) {
        return (phantom ? phantoms : people)
                .stream()
                        .filter(p -> p.holdsOn(day))
                        .mapToInt(CountPeriod::count)
                        .findFirst();
    }
}
