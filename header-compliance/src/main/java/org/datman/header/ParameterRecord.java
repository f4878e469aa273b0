package org.datman.header;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The parameters of a series, by field of the table. A field that the table does not list cannot be in it.
 *
 * @param origins what it was read from
 * @param parameters value and provenance by field name
 * @param conflicts where sources of the record contradict each other
 * @param withheld digests of sidecar fields that the table does not list, by name: comparable, not readable
 * @param remarks what could not be read, such as a damaged vendor header
 */
public record ParameterRecord(
        Set<Origin> origins,
        Map<String, Parameter> parameters,
        List<Conflict> conflicts,
        Map<String, String> withheld,
        List<String> remarks) {

    /**
     * Two sources of one series with different values.
     *
     * @param field the field
     * @param statements one line per value: the value and its source
     */
    public record Conflict(Field field, List<String> statements) {
        public Conflict {
            statements = List.copyOf(statements);
        }
    }

    public ParameterRecord {
        origins = Set.copyOf(origins);
        parameters = java.util.Collections.unmodifiableMap(new TreeMap<>(parameters));
        conflicts = List.copyOf(conflicts);
        remarks = remarks.stream().distinct().toList();
        withheld = java.util.Collections.unmodifiableMap(new TreeMap<>(withheld));
        for (String name : parameters.keySet()) {
            if (FieldTable.field(name).isEmpty()) {
                throw new IllegalArgumentException(name + " is no field of the table");
            }
        }
    }

    /** A record without conflicts. */
    public static ParameterRecord of(Set<Origin> origins, Map<String, Parameter> parameters) {
        return new ParameterRecord(origins, parameters, List.of(), Map.of(), List.of());
    }

    /** The value of a field. */
    public Optional<Value> value(String field) {
        return Optional.ofNullable(parameters.get(field)).map(Parameter::value);
    }

    /** Numbers of a field; none if it is absent or text. */
    public List<Double> numbers(String field) {
        return value(field).orElse(null) instanceof Value.Numbers numbers ? numbers.all() : List.of();
    }

    /** The vendor as in the table: siemens, ge, philips, canon, uih, another lower-case name or empty. */
    public String vendor() {
        return value("Manufacturer")
                .map(value -> value.text().toLowerCase(Locale.ROOT))
                .orElse("");
    }

    /** This record with another value of a field, for what-if questions. */
    public ParameterRecord with(String field, Value value) {
        Map<String, Parameter> changed = new TreeMap<>(parameters);
        changed.put(field, new Parameter(value, List.of("given")));
        return new ParameterRecord(origins, changed, conflicts, withheld, remarks);
    }

    /** This record without a field. */
    public ParameterRecord without(String field) {
        Map<String, Parameter> changed = new TreeMap<>(parameters);
        changed.remove(field);
        return new ParameterRecord(origins, changed, conflicts, withheld, remarks);
    }

    /** Both records of one series together; where they disagree, this one's value is used and the conflict is reported. */
    public ParameterRecord merge(ParameterRecord other) {
        String vendor = vendor();
        Map<String, Parameter> merged = new TreeMap<>(parameters);
        List<Conflict> found = new ArrayList<>(conflicts);
        found.addAll(other.conflicts);
        for (Map.Entry<String, Parameter> entry : other.parameters.entrySet()) {
            Parameter mine = merged.get(entry.getKey());
            Parameter theirs = entry.getValue();
            if (mine == null) {
                merged.put(entry.getKey(), theirs);
                continue;
            }
            Field field = FieldTable.of(entry.getKey());
            if (field.compare()
                    .judge(mine.value(), theirs.value(), field.tolerance())
                    .agrees()) {
                List<String> both = new ArrayList<>(mine.sources());
                both.addAll(theirs.sources());
                merged.put(entry.getKey(), new Parameter(mine.value(), both));
            } else if (Contradiction.between(field, mine, theirs, vendor.isEmpty() ? other.vendor() : vendor)) {
                found.add(new Conflict(field, List.of(statement(mine), statement(theirs))));
            }
        }
        Set<Origin> from = EnumSet.copyOf(new TreeSet<>(origins));
        from.addAll(other.origins);
        Map<String, String> digests = new TreeMap<>(withheld);
        digests.putAll(other.withheld);
        List<String> unread = new ArrayList<>(remarks);
        unread.addAll(other.remarks);
        return new ParameterRecord(from, merged, found, digests, unread);
    }

    static String statement(Parameter parameter) {
        return parameter.value().text() + " (" + String.join(", ", parameter.sources()) + ")";
    }
}
