package org.datman.header;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.datman.imaging.dicom.DicomDataset;

/** Parameter records of single DICOM objects, classic or enhanced. */
public final class DicomRecords {

    private DicomRecords() {}

    /** The record of one object. Contradictions between sources are reported, the first source in the table is used. */
    public static ParameterRecord of(DicomDataset dataset) {
        return of(new DicomValues(dataset));
    }

    static ParameterRecord of(DicomValues values) {
        Map<String, Parameter> parameters = new TreeMap<>();
        List<ParameterRecord.Conflict> conflicts = new ArrayList<>();
        for (Field field : FieldTable.all()) {
            for (Source source : field.sources()) {
                Optional<DicomValues.Found> found = source instanceof Source.Computed
                        ? DerivedFields.find(field, values)
                        : values.find(field, source);
                if (found.isEmpty() || noInversion(field, found.get().value())) {
                    continue;
                }
                Parameter next = found.get().parameter();
                Parameter first = parameters.putIfAbsent(field.name(), next);
                if (first == null) {
                    continue;
                }
                if (field.compare()
                        .judge(first.value(), next.value(), field.tolerance())
                        .agrees()) {
                    List<String> both = new ArrayList<>(first.sources());
                    both.addAll(next.sources());
                    parameters.put(field.name(), new Parameter(first.value(), both));
                } else if (Contradiction.between(field, first, next, "")) {
                    conflicts.add(new ParameterRecord.Conflict(
                            field, List.of(ParameterRecord.statement(first), ParameterRecord.statement(next))));
                }
            }
        }
        Origin origin = values.enhanced() ? Origin.ENHANCED : Origin.CLASSIC;
        return new ParameterRecord(Set.of(origin), parameters, conflicts, Map.of(), values.remarks());
    }

    /** Enhanced objects have 0 where there is no inversion, classic ones nothing. */
    private static boolean noInversion(Field field, Value value) {
        return field.name().equals("InversionTime")
                && value instanceof Value.Numbers numbers
                && numbers.all().stream().allMatch(time -> time == 0);
    }
}
