package org.datman.header;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether two sources of one series contradict each other. Sources with different meanings under one name do not: only equal
 * meanings are compared.
 */
final class Contradiction {

    /** Philips' "research mode": unrelated to how the image was made, and present in some images of a series only. */
    private static final String RESEARCH_MODE = "RM";

    /** So many shots make a volume at most. */
    private static final int MOST_SHOTS = 100;

    private static final double SAME = 0.01;

    private Contradiction() {}

    /**
     * @param a value of one source
     * @param b value of the other
     * @param vendor of the series, as in the table
     */
    static boolean between(Field field, Parameter a, Parameter b, String vendor) {
        if (field.compare().judge(a.value(), b.value(), field.tolerance()).agrees()) {
            return false;
        }
        return !switch (field.name()) {
            // A map that was computed has no echo of its own: 0 is no echo time.
            case "EchoTime" -> none(a.value()) || none(b.value()) || partOfOther(field, a.value(), b.value());
            case "RepetitionTime" -> shots(a, b) || shots(b, a);
            // For Philips' GRASE the converter writes the EPI factor, the DICOM all echoes of a shot.
            case "EchoTrainLength" -> vendor.equals("philips") && sidecar(a) != sidecar(b);
            default -> partOfOther(field, a.value(), b.value());
        };
    }

    /** One source lists a subset of the other: echoes and b-values of one image against those of the whole object, or fewer codes. */
    private static boolean partOfOther(Field field, Value a, Value b) {
        return switch (field.compare()) {
            case NUMBER_SET ->
                a instanceof Value.Numbers first
                        && b instanceof Value.Numbers second
                        && (contains(field, first.all(), second.all()) || contains(field, second.all(), first.all()));
            case SET -> {
                Set<String> first = codes(a);
                Set<String> second = codes(b);
                yield first.containsAll(second) || second.containsAll(first);
            }
            default -> false;
        };
    }

    private static boolean contains(Field field, List<Double> all, List<Double> some) {
        return some.stream().allMatch(one -> all.stream()
                .anyMatch(other -> field.tolerance().allows(other, one)));
    }

    private static Set<String> codes(Value value) {
        Set<String> codes = new TreeSet<>(Comparator.codesOf(value));
        codes.remove(RESEARCH_MODE);
        return codes;
    }

    private static boolean none(Value value) {
        return value instanceof Value.Numbers numbers && numbers.all().stream().allMatch(time -> time == 0);
    }

    /** The converter writes the time of a volume, the DICOM that of one of its shots. */
    private static boolean shots(Parameter volume, Parameter shot) {
        if (!sidecar(volume)
                || sidecar(shot)
                || !(volume.value() instanceof Value.Numbers longer)
                || !(shot.value() instanceof Value.Numbers shorter)
                || longer.all().size() != 1
                || shorter.all().size() != 1) {
            return false;
        }
        double ratio = longer.all().get(0) / shorter.all().get(0);
        double whole = Math.rint(ratio);
        return whole >= 2 && whole <= MOST_SHOTS && Math.abs(ratio - whole) <= SAME * whole;
    }

    private static boolean sidecar(Parameter parameter) {
        return parameter.sources().stream().anyMatch(source -> source.startsWith("JSON "));
    }
}
