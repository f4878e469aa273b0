package org.datman.dashboard.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisValuesTest {

    @ParameterizedTest
    @CsvSource({
        "-0.00407, 0.0623, 0 0.02 0.04 0.06",
        "0, 100, 0 25 50 75 100",
        "1.649, 6.335, 2 4 6",
        "-12.3, -11.9, -12.3 -12.2 -12.1 -12 -11.9",
        "0.00000001, 0.00000005, 1.00e-08 2.00e-08 3.00e-08 4.00e-08 5.00e-08"
    })
    void anAxisIsLabelledAtRoundValuesThatFitBesideTheChart(double low, double high, String expected) {
        // When
        List<BigDecimal> values = AxisValues.between(low, high, 5);

        // Then
        assertThat(values.stream().map(AxisValues::label).toList()).containsExactly(expected.split(" "));
    }
}
