package org.datman.local.provenance;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import org.datman.contracts.provenance.RunCrate;

/** The metadata file of a crate of any size, in the same memory. */
final class CrateMetadata {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private CrateMetadata() {}

    /** Writes the metadata file. */
    static void write(
            Path file,
            RunCrate.About about,
            CrateNodes.Spool entities,
            Iterator<ObjectNode> software,
            CrateNodes.Spool actions)
            throws IOException {
        try (JsonGenerator json =
                MAPPER.writerWithDefaultPrettyPrinter().createGenerator(Files.newOutputStream(file))) {
            json.writeStartObject();
            json.writeStringField("@context", RunCrate.CONTEXT);
            json.writeArrayFieldStart("@graph");
            json.writeTree(RunCrate.descriptor());
            json.writeStartObject();
            for (Map.Entry<String, JsonNode> field : RunCrate.root(about).properties()) {
                json.writeFieldName(field.getKey());
                json.writeTree(field.getValue());
            }
            json.writeArrayFieldStart("hasPart");
            entities.ids(id -> link(json, id));
            json.writeEndArray();
            json.writeArrayFieldStart("mentions");
            actions.ids(id -> link(json, id));
            json.writeEndArray();
            json.writeEndObject();
            RunCrate.about(about).forEach(node -> tree(json, node));
            entities.nodes(node -> tree(json, node));
            software.forEachRemaining(node -> tree(json, node));
            actions.nodes(node -> tree(json, node));
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void link(JsonGenerator json, String id) {
        tree(json, JsonNodeFactory.instance.objectNode().put("@id", id));
    }

    private static void tree(JsonGenerator json, JsonNode node) {
        try {
            json.writeTree(node);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
