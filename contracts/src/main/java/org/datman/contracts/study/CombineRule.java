package org.datman.contracts.study;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;
import java.util.Optional;

/**
 * Which series of a session are parts of one image: some scanners write every volume as a series of its own.
 *
 * @param seriesNumber regular expression found in the number; the text of its only group is common to the parts of one image
 * @param only further clauses, all of which must match; a series that does not is an image by itself
 */
public record CombineRule(Pattern seriesNumber, List<SeriesClause> only) {

    public CombineRule {
        only = List.copyOf(only);
    }

    /** What the parts of the same image have in common with this series; empty when it is an image by itself. */
    Optional<String> group(SeriesFacts facts) {
        Matcher number = seriesNumber.matcher(facts.header().getOrDefault("SeriesNumber", facts.scan()));
        boolean meant = only.stream().allMatch(clause -> clause.matches(facts.value(clause.field())));
        return meant && number.find() ? Optional.of(number.group(1)) : Optional.empty();
    }
}
