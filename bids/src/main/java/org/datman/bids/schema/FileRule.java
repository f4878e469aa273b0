package org.datman.bids.schema;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names that files may have. Lists are empty where the rule says nothing.
 *
 * @param rule where it is in the schema
 * @param path the one path it is about; null where it is about others
 * @param stem the names before the first dot it is about; null where it is about others
 * @param entities short names ({@code sub}), and whether each is required; null where the rule has none
 */
public record FileRule(
        String rule,
        @Nullable String path,
        @Nullable Pattern stem,
        List<String> suffixes,
        List<String> extensions,
        List<String> datatypes,
        @Nullable Map<String, Boolean> entities) {

    public Optional<String> findPath() {
        return Optional.ofNullable(path);
    }

    public Optional<Pattern> findStem() {
        return Optional.ofNullable(stem);
    }

    public Optional<Map<String, Boolean>> findEntities() {
        return Optional.ofNullable(entities);
    }
}
