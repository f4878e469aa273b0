package org.datman.contracts.study;

import java.math.BigDecimal;
import org.datman.contracts.tree.TextPairs;

/**
 * A DICOM element whose numbers must lie in a range, both limits included. Of an element with several values each must;
 * a value that is no number does not.
 *
 * @param field {@code Header.<keyword>}
 * @param min in the unit of DICOM; negative infinity when there is no lower limit
 * @param max in the unit of DICOM; infinity when there is no upper limit
 */
public record RangeClause(String field, double min, double max) implements SeriesClause {

    @Override
    public String expected() {
        if (min == Double.NEGATIVE_INFINITY) {
            return "at most " + plain(max);
        }
        return max == Double.POSITIVE_INFINITY ? "at least " + plain(min) : plain(min) + " to " + plain(max);
    }

    @Override
    public boolean matches(String actual) {
        for (String value : actual.split("\\\\", -1)) {
            try {
                double number = Double.parseDouble(value.strip());
                if (!(number >= min && number <= max)) {
                    return false;
                }
            } catch (NumberFormatException notANumber) {
                return false;
            }
        }
        return true;
    }

    /** Digits that are alike do not make two numbers alike. */
    @Override
    public double similarity(TextPairs actual) {
        return 0;
    }

    static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }
}
