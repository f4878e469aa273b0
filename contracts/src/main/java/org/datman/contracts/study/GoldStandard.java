package org.datman.contracts.study;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The expected header of a tag's series at a site from a day on, until the next standard.
 *
 * @param file sidecar JSON, a path relative to the folder of the configuration; null when parameters are given
 * @param parameters sidecar fields and values; empty when a file is given
 */
public record GoldStandard(
        String site, String tag, LocalDate from, @Nullable String file, Map<String, JsonNode> parameters) {
    public GoldStandard {
        parameters = Map.copyOf(parameters);
    }

    public Optional<String> findFile() {
        return Optional.ofNullable(file);
    }
}
