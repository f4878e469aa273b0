package org.datman.qc.header;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.datman.header.ParameterRecord;
import org.jspecify.annotations.Nullable;

/**
 * The expected header.
 *
 * @param name its source, for people and for provenance
 * @param whole whether it is a complete sidecar: then a field that only the series has is reported as well
 * @param fields sidecar fields in dcm2niix's names and units
 * @param dicom content of its kept DICOM, or null when it has none
 */
public record Standard(
        String name,
        boolean whole,
        Map<String, JsonNode> fields,
        @Nullable ParameterRecord dicom) {
    public Standard {
        fields = Map.copyOf(fields);
    }

    /** A standard without a kept DICOM. */
    public Standard(String name, boolean whole, Map<String, JsonNode> fields) {
        this(name, whole, fields, null);
    }
}
