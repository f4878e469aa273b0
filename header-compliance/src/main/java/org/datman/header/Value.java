package org.datman.header;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.stream.Collectors;
import org.datman.contracts.study.Tolerance;

/** One or several values of a field, in the unit of the record. */
public sealed interface Value {

    /** Numbers. */
    record Numbers(List<Double> all) implements Value {
        public Numbers {
            all = List.copyOf(all);
        }

        @Override
        public String text(double perUnit) {
            return all.size() == 1
                    ? decimal(all.get(0) / perUnit)
                    : all.stream().map(v -> decimal(v / perUnit)).collect(Collectors.joining(", ", "[", "]"));
        }
    }

    /** Texts. */
    record Texts(List<String> all) implements Value {
        public Texts {
            all = List.copyOf(all);
        }

        @Override
        public String text(double perUnit) {
            return String.join("\\", all);
        }
    }

    static Value of(double... numbers) {
        return new Numbers(java.util.Arrays.stream(numbers).boxed().toList());
    }

    static Value of(String... texts) {
        return new Texts(List.of(texts));
    }

    /**
     * For people.
     *
     * @param perUnit what numbers are divided by, to show them in another unit than the record's
     */
    String text(double perUnit);

    /** For people, in the unit of the record. */
    default String text() {
        return text(1);
    }

    /** At most nine significant digits, without an exponent where that is readable: floats have no more. */
    static String decimal(double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(9)).stripTrailingZeros();
        return Math.abs(rounded.precision() - rounded.scale()) > 12 ? rounded.toString() : rounded.toPlainString();
    }

    /** A tolerance for people, shown in a unit that is {@code perUnit} of its own. */
    public static String text(Tolerance tolerance, double perUnit) {
        String absolute = decimal(tolerance.absolute() / perUnit);
        return tolerance.relative() > 0 ? absolute + " + " + decimal(tolerance.relative()) + " relative" : absolute;
    }
}
