package org.datman.header;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.datman.contracts.study.Severity;
import org.datman.contracts.study.Tolerance;
import org.datman.imaging.dicom.Dictionary;

/** The known fields, from {@code fields.tsv}, in its order. */
public final class FieldTable {

    /** Quotes have no meaning. */
    private static final CSVFormat FORMAT = CSVFormat.TDF
            .builder()
            .setQuote(null)
            .setCommentMarker('#')
            .setHeader()
            .setSkipHeaderRecord(true)
            .get();

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
        try (InputStream in = FieldTable.class.getResourceAsStream("fields.tsv");
                CSVParser rows = CSVParser.parse(in, StandardCharsets.UTF_8, FORMAT)) {
            for (CSVRecord row : rows) {
                Field field = field(row);
                if (fields.put(field.name(), field) != null) {
                    throw new IllegalStateException("fields.tsv lists " + field.name() + " twice");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Collections.unmodifiableMap(fields);
    }

    private static Field field(CSVRecord row) {
        List<Source> sources = new ArrayList<>();
        for (String text : row.get("sources").split(" \\| ")) {
            if (!text.isBlank()) {
                Source source = Source.parse(text.strip());
                if (source instanceof Source.Public element) {
                    Dictionary.tagOf(element.keyword());
                }
                sources.add(source);
            }
        }
        String severity = row.get("severity");
        boolean tracked = severity.equals("TRACK");
        String factor = row.get("sidecar");
        String vendors = row.get("vendors");
        return new Field(
                row.get("field"),
                Field.Kind.valueOf(row.get("class")),
                row.get("unit").equals("-") ? "" : row.get("unit"),
                Comparator.valueOf(row.get("compare")),
                new Tolerance(Double.parseDouble(row.get("atol")), Double.parseDouble(row.get("rtol"))),
                tracked ? Severity.NOTE : Severity.valueOf(severity),
                tracked,
                vendors.equals("*") ? Set.of() : Set.of(vendors.split(",")),
                factor.equals("-") ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(factor)),
                List.copyOf(sources));
    }
}
