package org.datman.bids.schema;

import java.util.List;
import org.datman.bids.expression.Expression;
import org.jspecify.annotations.Nullable;

/**
 * A file that belongs to another, as the events of a run.
 *
 * @param selectors which files have one
 * @param suffix of the associated file; that of the file itself if null
 * @param entities which it may have beside those of the file; several may be found then
 * @param inherit whether folders above are searched
 */
public record Association(
        String name,
        List<Expression> selectors,
        @Nullable String suffix,
        List<String> extensions,
        List<String> entities,
        boolean inherit) {}
