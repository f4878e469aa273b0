package org.datman.qc.header;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * What a header should look like.
 *
 * @param name where it comes from, for people and for provenance
 * @param whole whether it is a whole sidecar: then a field that only the series has is told as well
 * @param fields sidecar fields in dcm2niix's names and units
 */
public record Standard(String name, boolean whole, Map<String, JsonNode> fields) {
    public Standard {
        fields = Map.copyOf(fields);
    }
}
