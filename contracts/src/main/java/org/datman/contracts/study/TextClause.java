package org.datman.contracts.study;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One field of a series and the regular expressions of which at least one must be found anywhere in it.
 *
 * @param field {@code SeriesDescription}, {@code XnatType}, {@code Modality}, {@code Quality}, {@code ImageType} or {@code
 *     Header.<keyword>}
 */
public record TextClause(String field, List<Pattern> alternatives) {

    static final String IMAGE_TYPE = "ImageType";
    static final String HEADER = "Header.";

    public TextClause {
        alternatives = List.copyOf(alternatives);
    }

    boolean matches(String actual) {
        return alternatives.stream().anyMatch(p -> p.matcher(actual).find());
    }

    /** The expressions as written, joined with "or". */
    public String expected() {
        return alternatives.stream().map(p -> "'" + p.pattern() + "'").collect(Collectors.joining(" or "));
    }
}
