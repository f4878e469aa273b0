package org.datman.simulator.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * A command and its wrappers, as registered.
 *
 * @param document the description with the numbers that the server gave
 */
public record Command(long id, ObjectNode document) {

    /** One way to start a command from XNAT. */
    public record Wrapper(long id, JsonNode document) {
        public String name() {
            return document.path("name").asText();
        }

        public String label() {
            return document.path("label").asText(name());
        }

        /** Whether a session is an external input. */
        public boolean takesSession() {
            return StreamSupport.stream(document.path("external-inputs").spliterator(), false)
                    .anyMatch(input -> input.path("type").asText().equals("Session"));
        }
    }

    public List<Wrapper> wrappers() {
        return StreamSupport.stream(document.path("xnat").spliterator(), false)
                .map(wrapper -> new Wrapper(wrapper.path("id").asLong(), wrapper))
                .toList();
    }
}
