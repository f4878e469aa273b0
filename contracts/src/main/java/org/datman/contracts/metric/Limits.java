package org.datman.contracts.metric;

import java.util.OptionalDouble;

/**
 * Beyond which values of a metric a series is warned about or flagged, in the metric's unit; a limit itself is still good.
 *
 * <p>Its text is part of the key of each result, so that another limit is another result.
 *
 * @param warnBelow smaller values are a warning; empty for no such limit, as with the others
 * @param warnAbove larger values are a warning
 * @param flagBelow smaller values are flagged
 * @param flagAbove larger values are flagged
 */
public record Limits(
        OptionalDouble warnBelow, OptionalDouble warnAbove, OptionalDouble flagBelow, OptionalDouble flagAbove) {

    /** Nothing but what is flagged below. */
    public static Limits flagBelow(double limit) {
        OptionalDouble none = OptionalDouble.empty();
        return new Limits(none, none, OptionalDouble.of(limit), none);
    }

    /**
     * The limits of a text such as {@code warn>0.3 flag>0.5}.
     *
     * @throws IllegalArgumentException when a part of it is no limit
     */
    static Limits parse(String text) {
        OptionalDouble[] sides = {
            OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty()
        };
        for (String side : text.split(" ")) {
            int which =
                    switch (side.replaceAll("[<>].*", side.contains("<") ? "<" : ">")) {
                        case "warn<" -> 0;
                        case "warn>" -> 1;
                        case "flag<" -> 2;
                        case "flag>" -> 3;
                        default -> throw new IllegalArgumentException(side + " is no limit; one is warn>0.3");
                    };
            sides[which] = OptionalDouble.of(Double.parseDouble(side.replaceAll(".*[<>]", "")));
        }
        return new Limits(sides[0], sides[1], sides[2], sides[3]);
    }
}
