package org.datman.local.legacy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A study of the old installation.
 *
 * @param nickname its name in {@code Projects} of the main file
 * @param system the settings of the system that was chosen
 * @param metadata its folder with CSV files and gold standards; null when there is none on this machine
 */
record LegacyStudy(
        String nickname,
        LegacyYaml file,
        LegacyYaml main,
        ObjectNode system,
        @Nullable Path metadata) {

    /** Site codes and their settings, in the order of the file. */
    Map<String, ObjectNode> sites() {
        Map<String, ObjectNode> sites = new LinkedHashMap<>();
        file.values()
                .path("Sites")
                .properties()
                .forEach(site -> sites.put(
                        site.getKey(),
                        site.getValue() instanceof ObjectNode settings
                                ? settings
                                : file.values().objectNode()));
        return sites;
    }

    /** A setting of the study as a whole: main file, system and study file together. */
    Optional<JsonNode> value(String key) {
        return merged(Stream.of(main.values(), system, file.values()), key);
    }

    /** A setting as it applies at a site. */
    Optional<JsonNode> value(String key, ObjectNode site) {
        return merged(Stream.of(main.values(), system, file.values(), site), key);
    }

    /**
     * Lists are joined; in mappings and of plain values the more specific one wins. The old DATMAN refused a list beside a mapping;
     * here the more specific one wins then, too.
     */
    private static Optional<JsonNode> merged(Stream<ObjectNode> generalToSpecific, String key) {
        return generalToSpecific
                .map(level -> level.get(key))
                .filter(value -> value != null && !value.isNull())
                .reduce(LegacyStudy::merged);
    }

    static JsonNode merged(JsonNode general, JsonNode specific) {
        if (general instanceof ObjectNode map && specific instanceof ObjectNode more) {
            return map.deepCopy().setAll(more);
        }
        if (general instanceof ArrayNode list && specific instanceof ArrayNode more) {
            ArrayNode all = list.deepCopy();
            Set<JsonNode> known = new HashSet<>();
            list.forEach(known::add);
            more.forEach(item -> {
                if (known.add(item)) {
                    all.add(item);
                }
            });
            return all;
        }
        return specific;
    }
}
