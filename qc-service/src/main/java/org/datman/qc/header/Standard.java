package org.datman.qc.header;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import org.datman.metrics.header.ParameterRecord;

/**
 * What a header should look like.
 *
 * @param name where it comes from, for people and for provenance
 * @param whole whether it is a whole sidecar: then a field that only the series has is told as well
 * @param fields sidecar fields in dcm2niix's names and units
 * @param dicom what its kept DICOM says, if it has one
 */
public record Standard(String name, boolean whole, Map<String, JsonNode> fields, Optional<ParameterRecord> dicom) {
    public Standard {
        fields = Map.copyOf(fields);
    }

    /** A standard without a kept DICOM. */
    public Standard(String name, boolean whole, Map<String, JsonNode> fields) {
        this(name, whole, fields, Optional.empty());
    }
}
