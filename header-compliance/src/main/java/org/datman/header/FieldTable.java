package org.datman.header;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.contracts.study.Severity;
import org.datman.contracts.study.Tolerance;
import org.datman.imaging.dicom.Dictionary;

/** The known fields, from {@code fields.tsv}, in its order. */
public final class FieldTable {

    private static final Map<String, Field> FIELDS = read();

    private FieldTable() {}

    /** All fields. */
    public static Collection<Field> all() {
        return FIELDS.values();
    }

    /** The field of this name, if the table has it. */
    public static Optional<Field> field(String name) {
        return Optional.ofNullable(FIELDS.get(name));
    }

    static Field of(String name) {
        return field(name).orElseThrow(() -> new IllegalArgumentException(name + " is no field of the table"));
    }

    private static Map<String, Field> read() {
        Map<String, Field> fields = new LinkedHashMap<>();
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(FieldTable.class.getResourceAsStream("fields.tsv"), StandardCharsets.UTF_8))) {
            List<String> lines =
                    in.lines().filter(line -> !line.startsWith("#")).toList();
            for (String line : lines.subList(1, lines.size())) {
                Field field = row(line.split("\t", -1));
                if (fields.put(field.name(), field) != null) {
                    throw new IllegalStateException("fields.tsv lists " + field.name() + " twice");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Collections.unmodifiableMap(fields);
    }

    private static Field row(String[] cells) {
        List<Source> sources = new ArrayList<>();
        for (String text : cells[9].split(" \\| ")) {
            if (!text.isBlank()) {
                Source source = Source.parse(text.strip());
                if (source instanceof Source.Public element) {
                    Dictionary.tagOf(element.keyword());
                }
                sources.add(source);
            }
        }
        boolean tracked = cells[6].equals("TRACK");
        OptionalDouble factor =
                cells[8].equals("-") ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(cells[8]));
        return new Field(
                cells[0],
                Field.Kind.valueOf(cells[1]),
                cells[2].equals("-") ? "" : cells[2],
                Comparator.valueOf(cells[3]),
                new Tolerance(Double.parseDouble(cells[4]), Double.parseDouble(cells[5])),
                tracked ? Severity.NOTE : Severity.valueOf(cells[6]),
                tracked,
                cells[7].equals("*")
                        ? Set.of()
                        : Arrays.stream(cells[7].split(",")).collect(Collectors.toSet()),
                factor,
                List.copyOf(sources));
    }
}
