package org.datman.header;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Records of sidecars written with single quotes. */
final class Json {

    private Json() {}

    static ParameterRecord header(String json) throws IOException {
        Map<String, JsonNode> fields = new TreeMap<>();
        new ObjectMapper()
                .readTree(json.replace('\'', '"'))
                .properties()
                .forEach(field -> fields.put(field.getKey(), field.getValue()));
        return SidecarRecords.of(fields);
    }
}
