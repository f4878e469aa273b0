package org.datman.header;

import java.util.List;

/**
 * A field's value and where it was found: tags, private elements, CSA or protocol keys, sidecar keys.
 *
 * @param value in the unit of the field's row in the table
 * @param sources every place with this value
 */
public record Parameter(Value value, List<String> sources) {
    public Parameter {
        sources = sources.stream().distinct().toList();
    }
}
