package org.datman.header;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.datman.contracts.study.Severity;
import org.datman.contracts.study.Tolerance;

/** Checks between series of one session that belong together. */
public final class VerticalChecks {

    /** What two images must share for their voxels to coincide. */
    private static final List<String> SAME_GRID = List.of("Rows", "Columns", "NumberOfSlices", "SliceThickness");

    private VerticalChecks() {}

    /**
     * Two inconsistent series.
     *
     * @param check the name of the check
     * @param field the inconsistent field
     * @param severity how much it matters
     * @param message for a rater
     */
    public record Misfit(String check, String field, Severity severity, String message) {}

    /**
     * A field map against the EPI that it shall correct.
     *
     * @param oppositePhase whether the field map is an EPI pair's other half, which must be encoded the other way round
     */
    public static List<Misfit> fieldMapAgainstEpi(ParameterRecord map, ParameterRecord epi, boolean oppositePhase) {
        List<Misfit> misfits = new ArrayList<>();
        String check = "field map against EPI";
        if (oppositePhase) {
            for (String field : SAME_GRID) {
                same(check, field, map, epi, Severity.FLAG, misfits);
            }
            same(check, "PixelSpacing", map, epi, Severity.FLAG, misfits);
            same(check, "EffectiveEchoSpacing", map, epi, Severity.FLAG, misfits);
            same(check, "TotalReadoutTime", map, epi, Severity.FLAG, misfits);
            opposite(check, map, epi, misfits);
        }
        fieldOfView(check, map, epi, oppositePhase ? Severity.FLAG : Severity.WARN, misfits);
        same(check, "ShimMode", map, epi, Severity.FLAG, misfits);
        same(check, "ShimSetting", map, epi, Severity.FLAG, misfits);
        same(check, "ImageOrientationPatientDICOM", map, epi, Severity.WARN, misfits);
        same(check, "ImagingFrequency", map, epi, Severity.WARN, misfits);
        return misfits;
    }

    /** A single-band reference against its BOLD series: one grid, one encoding, one shim. */
    public static List<Misfit> referenceAgainstBold(ParameterRecord reference, ParameterRecord bold) {
        List<Misfit> misfits = new ArrayList<>();
        String check = "reference against BOLD";
        for (String field : SAME_GRID) {
            same(check, field, reference, bold, Severity.FLAG, misfits);
        }
        for (String field : List.of(
                "PixelSpacing",
                "EchoTime",
                "PhaseEncodingDirection",
                "InPlanePhaseEncodingDirectionDICOM",
                "PhaseEncodingPolarity",
                "ShimSetting",
                "ImageOrientationPatientDICOM")) {
            same(check, field, reference, bold, Severity.FLAG, misfits);
        }
        return misfits;
    }

    /**
     * The echoes of one multi-echo acquisition: alike but for the echo time, no echo twice, none missing.
     *
     * @param expected echo times of the protocol, ms; empty if it does not state them
     */
    public static List<Misfit> echoes(List<ParameterRecord> echoes, List<Double> expected) {
        List<Misfit> misfits = new ArrayList<>();
        String check = "multi-echo";
        Tolerance tolerance = FieldTable.of("EchoTime").tolerance();
        List<Double> found = new ArrayList<>();
        for (ParameterRecord echo : echoes) {
            List<Double> times = echo.numbers("EchoTime");
            if (times.isEmpty()) {
                misfits.add(new Misfit(check, "EchoTime", Severity.FLAG, "a series of the echoes has no echo time"));
            }
            found.addAll(times);
        }
        List<Double> sorted = found.stream().sorted().toList();
        for (int i = 1; i < sorted.size(); i++) {
            if (tolerance.allows(sorted.get(i - 1), sorted.get(i))) {
                misfits.add(new Misfit(
                        check,
                        "EchoTime",
                        Severity.FLAG,
                        "echo time " + Value.decimal(sorted.get(i)) + " ms occurs twice"));
            }
        }
        for (double wanted : expected) {
            if (found.stream().noneMatch(time -> tolerance.allows(wanted, time))) {
                misfits.add(new Misfit(
                        check, "EchoTime", Severity.FLAG, "no series has echo time " + Value.decimal(wanted) + " ms"));
            }
        }
        for (double time : found) {
            if (!expected.isEmpty() && expected.stream().noneMatch(wanted -> tolerance.allows(wanted, time))) {
                misfits.add(new Misfit(
                        check,
                        "EchoTime",
                        Severity.FLAG,
                        "echo time " + Value.decimal(time) + " ms is not in the protocol"));
            }
        }
        for (int i = 1; i < echoes.size(); i++) {
            alike(check, echoes.get(0), echoes.get(i), Set.of("EchoTime", "SAR", "AcquisitionDuration"), misfits);
        }
        return misfits;
    }

    /** Magnitude and phase of one acquisition: alike but for the kind of image, and one of each. */
    public static List<Misfit> magnitudeAndPhase(ParameterRecord magnitude, ParameterRecord phase) {
        List<Misfit> misfits = new ArrayList<>();
        String check = "magnitude and phase";
        component(check, magnitude, Set.of("M", "MAGNITUDE", "M_FFE"), "the magnitude series", misfits);
        component(check, phase, Set.of("P", "PHASE", "PHASE MAP"), "the phase series", misfits);
        alike(
                check,
                magnitude,
                phase,
                Set.of("ImageType", "PrescanNormalise", "EchoTime", "EchoTime1", "EchoTime2"),
                misfits);
        return misfits;
    }

    private static void component(
            String check, ParameterRecord header, Set<String> codes, String which, List<Misfit> misfits) {
        Optional<Value> type = header.value("ImageType");
        boolean right = type.orElse(null) instanceof Value.Texts texts
                && texts.all().stream().anyMatch(codes::contains);
        if (!right) {
            misfits.add(new Misfit(
                    check,
                    "ImageType",
                    Severity.FLAG,
                    which + " is of type " + type.map(Value::text).orElse("unknown")));
        }
    }

    private static void alike(
            String check, ParameterRecord a, ParameterRecord b, Set<String> free, List<Misfit> misfits) {
        HeaderComparison.Rules rules = new HeaderComparison.Rules(free, java.util.Map.of(), java.util.Map.of(), false);
        for (HeaderComparison.Row row : HeaderComparison.compare(a, b, rules)) {
            if (row.matters()) {
                misfits.add(new Misfit(
                        check, row.name(), row.severity(), row.name() + " differs: " + words(a, b, row.name())));
            }
        }
    }

    /** Absent on both sides cannot be checked and is no fault; absent on one side is reported. */
    private static void same(
            String check, String name, ParameterRecord a, ParameterRecord b, Severity severity, List<Misfit> misfits) {
        Field field = FieldTable.of(name);
        Optional<Value> first = a.value(name);
        Optional<Value> second = b.value(name);
        if (first.isEmpty() && second.isEmpty()) {
            return;
        }
        boolean fits = first.isPresent()
                && second.isPresent()
                && field.compare()
                        .judge(first.get(), second.get(), field.tolerance())
                        .agrees();
        if (!fits) {
            misfits.add(new Misfit(check, name, severity, name + " must be the same: " + words(a, b, name)));
        }
    }

    private static String words(ParameterRecord a, ParameterRecord b, String name) {
        String unit = FieldTable.field(name)
                .map(Field::unit)
                .filter(u -> !u.isEmpty())
                .map(u -> " " + u)
                .orElse("");
        return a.value(name).map(Value::text).orElse("absent") + " and "
                + b.value(name).map(Value::text).orElse("absent") + unit;
    }

    private static void opposite(String check, ParameterRecord map, ParameterRecord epi, List<Misfit> misfits) {
        Optional<String> first = way(map);
        Optional<String> second = way(epi);
        if (first.isEmpty() || second.isEmpty()) {
            // Philips never writes it: an unknown value is no proof of a fault.
            misfits.add(new Misfit(
                    check,
                    "PhaseEncodingDirection",
                    Severity.WARN,
                    "the phase-encoding direction is not known on both sides"));
            return;
        }
        boolean opposite = !first.equals(second) && axis(first.get()).equals(axis(second.get()));
        if (!opposite) {
            misfits.add(new Misfit(
                    check,
                    "PhaseEncodingDirection",
                    Severity.FLAG,
                    "phase encoding must be opposite: " + first.get() + " and " + second.get()));
        }
    }

    /** Axis and sign of phase encoding, as the sidecar or else as DICOM has it. */
    private static Optional<String> way(ParameterRecord header) {
        return header.value("PhaseEncodingDirection").map(Value::text).or(() -> header.value(
                        "InPlanePhaseEncodingDirectionDICOM")
                .flatMap(axis -> header.value("PhaseEncodingPolarity")
                        .map(sign -> axis.text() + (sign.text().equals("NEGATIVE") ? "-" : ""))));
    }

    private static String axis(String way) {
        return way.replace("-", "");
    }

    private static void fieldOfView(
            String check, ParameterRecord a, ParameterRecord b, Severity severity, List<Misfit> misfits) {
        Optional<double[]> first = fieldOfView(a);
        Optional<double[]> second = fieldOfView(b);
        if (first.isEmpty() || second.isEmpty()) {
            return;
        }
        double[] p = first.get();
        double[] q = second.get();
        // Half a millimetre is less than any voxel of a field map.
        if (Math.abs(p[0] - q[0]) > 0.5 || Math.abs(p[1] - q[1]) > 0.5) {
            misfits.add(new Misfit(
                    check,
                    "FieldOfView",
                    severity,
                    "field of view must be the same: " + Value.of(p).text() + " and "
                            + Value.of(q).text() + " mm"));
        }
    }

    private static Optional<double[]> fieldOfView(ParameterRecord header) {
        List<Double> spacing = header.numbers("PixelSpacing");
        List<Double> rows = header.numbers("Rows");
        List<Double> columns = header.numbers("Columns");
        return spacing.size() == 2 && rows.size() == 1 && columns.size() == 1
                ? Optional.of(new double[] {rows.get(0) * spacing.get(0), columns.get(0) * spacing.get(1)})
                : Optional.empty();
    }
}
