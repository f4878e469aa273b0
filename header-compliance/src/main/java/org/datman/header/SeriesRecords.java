package org.datman.header;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.datman.contracts.study.Tolerance;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomElement;
import org.datman.imaging.dicom.Dictionary;
import org.jspecify.annotations.Nullable;

/**
 * Merges the objects of one series into one record. Objects that disagree where they must not are conflicts of the record; echoes may
 * differ in echo time, volumes in b-value. Memory does not grow with the number of objects but by their distinct values.
 */
public final class SeriesRecords {

    /** Positions closer than this along the normal are one slice, mm. */
    private static final double ONE_SLICE_MM = 0.05;

    private @Nullable ParameterRecord first;
    /** By field and echo: how many objects have which value; the parameter of the first is kept. */
    private final Map<String, Map<String, LinkedHashMap<String, Seen>>> seen = new TreeMap<>();

    private final List<ParameterRecord.Conflict> conflicts = new ArrayList<>();
    private final Set<String> conflictFields = new TreeSet<>();
    private final Map<String, TreeSet<Double>> collected = new TreeMap<>();
    private final Map<String, Set<String>> codes = new TreeMap<>();
    private final Set<String> seriesUids = new TreeSet<>();
    private final Set<Long> slices = new TreeSet<>();
    private final Set<String> remarks = new TreeSet<>();
    private int images;
    private int mosaicSlices;
    private int objects;

    private static final class Seen {
        private final Parameter parameter;
        private int objects;

        Seen(Parameter parameter) {
            this.parameter = parameter;
        }
    }

    /** Adds an object. */
    public void add(DicomDataset dataset) {
        DicomValues values = new DicomValues(dataset);
        ParameterRecord one = DicomRecords.of(values);
        objects++;
        remarks.addAll(one.remarks());
        dataset.string("SeriesInstanceUID").ifPresent(seriesUids::add);
        first = first == null ? one : first;
        for (ParameterRecord.Conflict conflict : one.conflicts()) {
            if (conflictFields.add(conflict.field().name())) {
                conflicts.add(conflict);
            }
        }
        String echo = dataset.string("EchoNumbers").orElse("");
        one.parameters().forEach((name, parameter) -> {
            Field field = FieldTable.of(name);
            boolean mayVary = mayVary(field);
            if (parameter.value() instanceof Value.Numbers numbers && field.compare() == Comparator.NUMBER_SET) {
                collected.computeIfAbsent(name, key -> new TreeSet<>()).addAll(numbers.all());
            } else if (mayVary && parameter.value() instanceof Value.Texts texts) {
                codes.computeIfAbsent(name, key -> new TreeSet<>()).addAll(texts.all());
            }
            if (!mayVary) {
                count(field, name.equals("EchoTime") ? echo : "", parameter);
            }
        });
        count(values);
    }

    /** b-values differ by volume, image types by component; expected variation is not reported for each image. */
    private static boolean mayVary(Field field) {
        return field.name().equals("DiffusionBValue")
                || field.compare() == Comparator.IMAGE_TYPE
                || field.tracked()
                || field.compare() == Comparator.NUMBER_SET && !field.name().equals("EchoTime");
    }

    private void count(Field field, String echo, Parameter parameter) {
        LinkedHashMap<String, Seen> values = seen.computeIfAbsent(field.name(), key -> new TreeMap<>())
                .computeIfAbsent(echo, key -> new LinkedHashMap<>());
        for (Seen known : values.values()) {
            if (field.compare()
                    .judge(known.parameter.value(), parameter.value(), field.tolerance())
                    .agrees()) {
                known.objects++;
                return;
            }
        }
        Seen fresh = new Seen(parameter);
        fresh.objects = 1;
        values.put(parameter.value().text(), fresh);
    }

    private void count(DicomValues values) {
        DicomDataset dataset = values.dataset();
        List<DicomDataset> frames = values.frames();
        images += Math.max(1, frames.size());
        values.privateElement(0x0019, "SIEMENS MR HEADER", 0x0A)
                .filter(element -> dataset.strings("ImageType").contains("MOSAIC"))
                .map(DicomElement::ints)
                .filter(numbers -> numbers.length == 1)
                .ifPresent(numbers -> mosaicSlices = numbers[0]);
        int tag = Dictionary.tagOf("ImagePositionPatient");
        if (frames.isEmpty()) {
            position(dataset, dataset.doubles(tag)).ifPresent(this::slice);
        }
        for (DicomDataset frame : frames) {
            double[] at = frame.sequence("PlanePositionSequence").stream()
                    .findFirst()
                    .map(item -> item.doubles(tag))
                    .orElse(new double[0]);
            position(dataset, at).ifPresent(this::slice);
        }
    }

    /** A position on the edge of two steps may round to either. */
    private void slice(long step) {
        if (!slices.contains(step - 1) && !slices.contains(step + 1)) {
            slices.add(step);
        }
    }

    /** Ascending values without those that are within the tolerance of the one before. */
    private static List<Double> distinct(TreeSet<Double> all, Tolerance tolerance) {
        List<Double> distinct = new ArrayList<>();
        for (double value : all) {
            if (distinct.isEmpty() || !tolerance.allows(distinct.get(distinct.size() - 1), value)) {
                distinct.add(value);
            }
        }
        return distinct;
    }

    private static Optional<Long> position(DicomDataset dataset, double[] at) {
        double[] cosines = dataset.findFirst("ImageOrientationPatient")
                .map(DicomElement::doubles)
                .orElse(new double[0]);
        if (at.length != 3 || cosines.length != 6) {
            return Optional.empty();
        }
        double[] normal =
                Orientation.frame(java.util.Arrays.stream(cosines).boxed().toList())[2];
        double along = at[0] * normal[0] + at[1] * normal[1] + at[2] * normal[2];
        return Optional.of(Math.round(along / ONE_SLICE_MM));
    }

    /** Number of objects so far. */
    public int objects() {
        return objects;
    }

    /** Number of different series so far; more than one means that the folder is not one series. */
    public int series() {
        return seriesUids.size();
    }

    /** The record of all objects; empty if there was none. */
    public Optional<ParameterRecord> build() {
        if (first == null) {
            return Optional.empty();
        }
        Map<String, Parameter> parameters = new TreeMap<>(first.parameters());
        List<ParameterRecord.Conflict> found = new ArrayList<>(conflicts);
        seen.forEach((name, byEcho) -> byEcho.values().forEach(values -> {
            Field field = FieldTable.of(name);
            Seen common = values.values().stream()
                    .max(java.util.Comparator.comparingInt(value -> value.objects))
                    .orElseThrow();
            parameters.put(name, common.parameter);
            int having =
                    values.values().stream().mapToInt(value -> value.objects).sum();
            if (values.size() > 1) {
                found.add(new ParameterRecord.Conflict(
                        field,
                        values.values().stream()
                                .map(value -> value.objects + " of " + having + " images: "
                                        + ParameterRecord.statement(value.parameter))
                                .toList()));
            } else if (byEcho.size() == 1 && having < objects) {
                found.add(new ParameterRecord.Conflict(
                        field,
                        List.of(
                                having + " of " + objects + " images: " + ParameterRecord.statement(common.parameter),
                                objects - having + " of " + objects + " images: absent")));
            }
        }));
        collected.forEach((name, all) -> parameters.put(
                name,
                new Parameter(
                        new Value.Numbers(distinct(all, FieldTable.of(name).tolerance())),
                        Optional.ofNullable(parameters.get(name))
                                .map(Parameter::sources)
                                .orElse(List.of("several images")))));
        codes.forEach((name, all) -> parameters.put(
                name,
                new Parameter(
                        new Value.Texts(List.copyOf(all)),
                        Optional.ofNullable(parameters.get(name))
                                .map(Parameter::sources)
                                .orElse(List.of("several images")))));
        int perVolume = mosaicSlices > 0 ? mosaicSlices : slices.size();
        int total = mosaicSlices > 0 ? images * mosaicSlices : images;
        if (perVolume > 0) {
            parameters.put("NumberOfSlices", new Parameter(Value.of(perVolume), List.of("counted")));
            if (total % perVolume == 0) {
                parameters.put("NumberOfVolumes", new Parameter(Value.of(total / perVolume), List.of("counted")));
            } else {
                found.add(new ParameterRecord.Conflict(
                        FieldTable.of("NumberOfVolumes"),
                        List.of(total + " images are no whole number of volumes of " + perVolume + " slices")));
            }
        }
        Set<Origin> origins = EnumSet.copyOf(first.origins());
        origins.add(Origin.SERIES);
        return Optional.of(new ParameterRecord(origins, parameters, found, Map.of(), List.copyOf(remarks)));
    }
}
