package org.datman.qc.header;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import org.datman.header.ParameterRecord;

/**
 * The expected header.
 *
 * @param name its source, for people and for provenance
 * @param whole whether it is a complete sidecar: then a field that only the series has is reported as well
 * @param fields sidecar fields in dcm2niix's names and units
 * @param dicom content of its kept DICOM, if it has one
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
