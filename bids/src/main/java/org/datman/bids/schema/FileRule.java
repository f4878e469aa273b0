package org.datman.bids.schema;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names that files may have. Lists are empty where the rule says nothing.
 *
 * @param rule where it is in the schema
 * @param path the one path it is about
 * @param stem the names before the first dot it is about
 * @param entities short names ({@code sub}), and whether each is required; absent where the rule has none
 */
public record FileRule(
        String rule,
        Optional<String> path,
        Optional<Pattern> stem,
        List<String> suffixes,
        List<String> extensions,
        List<String> datatypes,
        Optional<Map<String, Boolean>> entities) {}
