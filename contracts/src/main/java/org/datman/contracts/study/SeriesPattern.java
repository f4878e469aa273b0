package org.datman.contracts.study;

import java.util.List;

/** What a series must match: every clause must match; the selector selects among its images. */
public record SeriesPattern(List<SeriesClause> clauses, Selector selector) {

    static final SeriesPattern NONE = new SeriesPattern(List.of(), Selector.ALL);

    public SeriesPattern {
        clauses = List.copyOf(clauses);
    }

    boolean isEmpty() {
        return clauses.isEmpty();
    }

    boolean namesImageType() {
        return clauses.stream().anyMatch(c -> c.field().equals(TextClause.IMAGE_TYPE));
    }
}
