package org.datman.contracts.naming;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Rows of a committed conformance table: tab-separated, {@code #} begins a comment line, missing cells are empty. */
public final class Table {

    private static final int CELLS = 9;

    private Table() {}

    public static List<String[]> rows(String resource) {
        try (InputStream in = Table.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> Arrays.stream(Arrays.copyOf(line.split("\t", -1), CELLS))
                            .map(cell -> cell == null ? "" : cell)
                            .toArray(String[]::new))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String input(String cell) {
        return switch (cell) {
            case "<null>" -> null;
            case "<empty>" -> "";
            default -> cell.replace("\\n", "\n");
        };
    }

    /** {@code study A=B,C=D;site E=F;subject rule;reverse rule} */
    static IdMap map(String cell) {
        IdMap map = IdMap.NONE;
        for (String part :
                Stream.of(cell.split(";", -1)).filter(p -> !p.isBlank()).toList()) {
            String[] words = part.split(" ", 2);
            map = switch (words[0]) {
                case "study" -> new IdMap(map.type(), pairs(words[1]), map.site(), map.toLocal(), map.toKcni());
                case "site" -> new IdMap(map.type(), map.study(), pairs(words[1]), map.toLocal(), map.toKcni());
                case "subject" ->
                    new IdMap(map.type(), map.study(), map.site(), List.of(SubjectRule.parse(words[1])), map.toKcni());
                case "reverse" ->
                    new IdMap(map.type(), map.study(), map.site(), map.toLocal(), List.of(SubjectRule.parse(words[1])));
                default -> throw new IllegalArgumentException(part);
            };
        }
        return map;
    }

    private static java.util.Map<String, String> pairs(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(pair -> pair.split("=", 2))
                .collect(java.util.stream.Collectors.toMap(p -> p[0], p -> p[1]));
    }
}
