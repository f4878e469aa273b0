package org.datman.bids.schema;

import java.util.List;
import java.util.Optional;
import org.datman.bids.expression.Expression;

/**
 * A file that belongs to another, as the events of a run.
 *
 * @param selectors which files have one
 * @param suffix of the associated file; that of the file itself if absent
 * @param entities which it may have beside those of the file; several may be found then
 * @param inherit whether folders above are searched
 */
public record Association(
        String name,
        List<Expression> selectors,
        Optional<String> suffix,
        List<String> extensions,
        List<String> entities,
        boolean inherit) {}
