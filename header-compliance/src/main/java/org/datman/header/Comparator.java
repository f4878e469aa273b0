package org.datman.header;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.datman.contracts.study.Tolerance;

/** How two values of a field are compared. */
public enum Comparator {
    /** Numbers, one by one; a different count differs. */
    NUMBER {
        @Override
        public Judgement judge(Value expected, Value actual, Tolerance tolerance) {
            return numbers(expected, actual, tolerance);
        }
    },
    /** As {@link #NUMBER}, for fields that are vectors by nature. */
    VECTOR {
        @Override
        public Judgement judge(Value expected, Value actual, Tolerance tolerance) {
            return numbers(expected, actual, tolerance);
        }
    },
    /** Numbers in any order. */
    NUMBER_SET {
        @Override
        public Judgement judge(Value expected, Value actual, Tolerance tolerance) {
            return numbers(sorted(expected), sorted(actual), tolerance);
        }
    },
    /** Texts, letter by letter. */
    TEXT {
        @Override
        public Judgement judge(Value expected, Value actual, Tolerance tolerance) {
            return Judgement.of(expected.text().strip().equals(actual.text().strip()), "");
        }
    },
    /** Sequence names, without the b-value and direction that Siemens appends for each volume. */
    SEQUENCE_NAME {
        @Override
        public Judgement judge(Value expected, Value actual, Tolerance tolerance) {
            String volume = "_b\\d+(#\\d+)?$";
            return Judgement.of(
                    expected.text()
                            .replaceFirst(volume, "")
                            .equals(actual.text().replaceFirst(volume, "")),
                    "");
        }
    },
    /** Codes in any order. */
    SET {
        @Override
        public Judgement judge(Value expected, Value actual, Tolerance tolerance) {
            return sets(codes(expected, "[\\\\_]"), codes(actual, "[\\\\_]"));
        }
    },
    /** Image type as a set, without the marks of prescan normalise and distortion correction: those are fields of their own. */
    IMAGE_TYPE {
        @Override
        public Judgement judge(Value expected, Value actual, Tolerance tolerance) {
            return sets(imageType(expected), imageType(actual));
        }
    },
    /** Direction cosines: the angle between the two frames, degrees. */
    ORIENTATION {
        @Override
        public Judgement judge(Value expected, Value actual, Tolerance tolerance) {
            if (!(expected instanceof Value.Numbers a)
                    || !(actual instanceof Value.Numbers b)
                    || a.all().size() != 6
                    || b.all().size() != 6) {
                return numbers(expected, actual, Tolerance.NONE);
            }
            double angle = Orientation.angle(a.all(), b.all());
            return new Judgement(
                    angle <= tolerance.absolute(), angle < 1e-3, Value.decimal(Math.rint(angle * 100) / 100) + " deg");
        }
    },
    /** Software as family, release and patch. */
    SOFTWARE {
        @Override
        public Judgement judge(Value expected, Value actual, Tolerance tolerance) {
            return Software.parse(expected.text()).against(Software.parse(actual.text()));
        }
    },
    /** Coil elements, ranges written out. */
    COIL_ELEMENTS {
        @Override
        public Judgement judge(Value expected, Value actual, Tolerance tolerance) {
            return sets(CoilElements.parse(expected.text()), CoilElements.parse(actual.text()));
        }
    };

    private static final Set<String> MARKS = Set.of("NORM", "ND", "DIS2D", "DIS3D", "DIS3D2D", "DIS");

    /** Magnitude, which many omit and dcm2niix adds, and the empty place that enhanced objects fill. */
    private static final Set<String> MAGNITUDE = Set.of("M", "M_FFE", "FFE", "MAGNITUDE", "NONE");

    private static final Set<String> PHASE = Set.of("P", "PHASE", "PHASE MAP");

    /**
     * Result of a comparison.
     *
     * @param agrees equal or within the tolerance
     * @param exact equal but for float noise
     * @param delta the difference, for people; empty if there is none
     */
    public record Judgement(boolean agrees, boolean exact, String delta) {
        static Judgement of(boolean equal, String delta) {
            return new Judgement(equal, equal, equal ? "" : delta);
        }
    }

    /** Compares. */
    public abstract Judgement judge(Value expected, Value actual, Tolerance tolerance);

    /** The codes of a value, upper case, whichever way they are joined. */
    static Set<String> codesOf(Value value) {
        return codes(value, "[\\\\_]");
    }

    /** Whether values are numbers. */
    boolean numeric() {
        return this == NUMBER || this == VECTOR || this == NUMBER_SET || this == ORIENTATION;
    }

    private static Judgement numbers(Value expected, Value actual, Tolerance tolerance) {
        if (!(expected instanceof Value.Numbers a) || !(actual instanceof Value.Numbers b)) {
            return Judgement.of(expected.text().equals(actual.text()), "not numbers on both sides");
        }
        if (a.all().size() != b.all().size()) {
            return Judgement.of(
                    false, a.all().size() + " values became " + b.all().size());
        }
        boolean agrees = true;
        boolean exact = true;
        double worst = 0;
        for (int i = 0; i < a.all().size(); i++) {
            double e = a.all().get(i);
            double f = b.all().get(i);
            agrees &= tolerance.allows(e, f);
            exact &= Tolerance.same(e, f);
            worst = Math.abs(f - e) > Math.abs(worst) ? f - e : worst;
        }
        return new Judgement(agrees, exact, exact ? "" : (worst > 0 ? "+" : "") + Value.decimal(worst));
    }

    private static Value sorted(Value value) {
        return value instanceof Value.Numbers numbers
                ? new Value.Numbers(numbers.all().stream().sorted().toList())
                : value;
    }

    private static Judgement sets(Set<String> expected, Set<String> actual) {
        List<String> parts = new ArrayList<>();
        Set<String> lost = new TreeSet<>(expected);
        lost.removeAll(actual);
        Set<String> added = new TreeSet<>(actual);
        added.removeAll(expected);
        if (!lost.isEmpty()) {
            parts.add("without " + String.join(", ", lost));
        }
        if (!added.isEmpty()) {
            parts.add("with " + String.join(", ", added));
        }
        return Judgement.of(parts.isEmpty(), String.join("; ", parts));
    }

    /** Older converters join codes with an underscore, newer ones with DICOM's backslash. */
    private static Set<String> codes(Value value, String separator) {
        return Arrays.stream(value.text().toUpperCase(Locale.ROOT).split(separator))
                .map(String::strip)
                .filter(code -> !code.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> imageType(Value value) {
        Set<String> codes = codes(value, "\\\\");
        codes.removeAll(MARKS);
        codes.removeAll(MAGNITUDE);
        if (codes.removeAll(PHASE)) {
            codes.add("P");
        }
        return codes;
    }
}
