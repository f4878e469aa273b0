package org.datman.contracts.event;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The example payloads in {@code src/test/resources/examples/<topic>/<kind>}. */
final class Examples {

    private Examples() {}

    /** One file. */
    record Example(EventType type, String kind, String name, byte[] payload) {
        @Override
        public String toString() {
            return type.topic() + "/" + kind + "/" + name;
        }
    }

    /** The kinds of example for that type: {@code valid}, {@code invalid} and one folder per release. */
    static List<String> kinds(EventType type) {
        return list(folder().resolve(type.topic()));
    }

    /** All examples of that kind, of all types. */
    static Stream<Example> all(String kind) {
        return Arrays.stream(EventType.values()).flatMap(type -> of(type, kind));
    }

    /** The examples of one type and kind. */
    static Stream<Example> of(EventType type, String kind) {
        return list(folder().resolve(type.topic()).resolve(kind)).stream().map(name -> one(type, kind, name));
    }

    /** That example. */
    static Example one(EventType type, String kind, String name) {
        try {
            Path file = folder().resolve(type.topic()).resolve(kind).resolve(name);
            return new Example(type, kind, name, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The released kinds of all types: {@code v1-2026-11} and what came after. */
    static Stream<Example> released() {
        return Arrays.stream(EventType.values()).flatMap(type -> kinds(type).stream()
                .filter(kind -> kind.startsWith("v"))
                .filter(kind -> !kind.equals("valid"))
                .flatMap(kind -> of(type, kind)));
    }

    private static Path folder() {
        try {
            return Path.of(Objects.requireNonNull(Examples.class.getResource("/examples"), "no folder examples")
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("No examples in " + folder, e);
        }
    }
}
