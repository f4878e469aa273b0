package org.datman.local.provenance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Nodes of a crate as lines, sorted by id. */
final class CrateNodes {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final char TAB = '\t';

    private CrateNodes() {}

    /** Id and node: all of one id follow one another, for no id has a character before the tab. */
    static String line(ObjectNode node) {
        return node.path("@id").asText() + TAB + node;
    }

    private static ObjectNode node(String line) {
        try {
            return (ObjectNode) MAPPER.readTree(line.substring(line.indexOf(TAB) + 1));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One node per id, with the links of all. */
    static Iterator<ObjectNode> merged(Iterator<String> sorted) {
        return new Iterator<>() {
            private @Nullable ObjectNode next = sorted.hasNext() ? node(sorted.next()) : null;

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public ObjectNode next() {
                ObjectNode found = next;
                if (found == null) {
                    throw new NoSuchElementException();
                }
                next = null;
                while (next == null && sorted.hasNext()) {
                    ObjectNode other = node(sorted.next());
                    if (other.path("@id").equals(found.path("@id"))) {
                        add(found, other);
                    } else {
                        next = other;
                    }
                }
                return found;
            }
        };
    }

    private static void add(ObjectNode node, ObjectNode other) {
        other.properties().forEach(field -> {
            if (node.path(field.getKey()) instanceof ArrayNode links) {
                for (JsonNode link : field.getValue()) {
                    boolean known = false;
                    for (JsonNode one : links) {
                        known |= one.equals(link);
                    }
                    if (!known) {
                        links.add(link);
                    }
                }
            }
        });
    }

    /** Nodes that are needed twice: first their ids, then they themselves. */
    static final class Spool implements AutoCloseable {

        private final SortedLines lines;
        private final Path file;

        Spool(SortedLines lines) throws IOException {
            this.lines = lines;
            this.file = Files.createTempFile("datman-nodes-", ".txt");
        }

        /** The ids, once and first. */
        void ids(Consumer<String> consumer) throws IOException {
            Iterator<ObjectNode> nodes = merged(lines.sorted());
            try (BufferedWriter out = Files.newBufferedWriter(file)) {
                while (nodes.hasNext()) {
                    ObjectNode node = nodes.next();
                    out.write(node.toString());
                    out.write('\n');
                    consumer.accept(node.path("@id").asText());
                }
            }
        }

        /** The nodes, after their ids. */
        void nodes(Consumer<JsonNode> consumer) throws IOException {
            try (BufferedReader in = Files.newBufferedReader(file)) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    consumer.accept(MAPPER.readTree(line));
                }
            }
        }

        @Override
        public void close() throws IOException {
            Files.deleteIfExists(file);
        }
    }
}
