package org.datman.metrics.anat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.datman.analysis.stats.Statistics;
import org.junit.jupiter.api.Test;

class ClassSummaryTest {

    @Test
    void weightsCountLikeRepeatedValues() {
        // Given: values 1 to 400 with random counts, once repeated and once weighted
        Random die = new Random(1);
        double[] value = new double[400];
        double[] weight = new double[400];
        for (int v = 0; v < value.length; v++) {
            value[v] = (v + 1) * (v + 1) / 400.0;
            weight[v] = 1 + die.nextInt(6);
        }
        double[] written = new double[(int) Arrays.stream(weight).sum()];
        int n = 0;
        for (int v = 0; v < value.length; v++) {
            for (int times = 0; times < weight[v]; times++) {
                written[n++] = value[v];
            }
        }

        // When
        ClassSummary summary = ClassSummary.of(value, weight);

        // Then: percentiles are one of the values
        double mean = Statistics.mean(written);
        double sd = Statistics.sd(written, 0);
        double fourth = Arrays.stream(written)
                .map(x -> Math.pow((x - mean) / sd, 4))
                .average()
                .orElseThrow();
        assertThat(summary.n()).isEqualTo(written.length);
        assertThat(summary.mean()).isCloseTo(mean, within(1e-9));
        assertThat(summary.sd()).isCloseTo(sd, within(1e-9));
        assertThat(summary.kurtosis()).isCloseTo(fourth - 3, within(1e-9));
        assertThat(summary.median()).isCloseTo(Statistics.median(written), within(0.6));
        assertThat(summary.p05()).isCloseTo(Statistics.quantile(written, 0.05), within(0.2));
        assertThat(summary.p95()).isCloseTo(Statistics.quantile(written, 0.95), within(2.0));
        assertThat(summary.mad()).isCloseTo(Statistics.madn(written), within(1.5));
    }

    @Test
    void aClassWithoutMembersHasNoNumbers() {
        // Given
        double[] value = {1, 2, 3};

        // When
        ClassSummary summary = ClassSummary.of(value, new double[3]);

        // Then: a finding that is not finite becomes unknown
        assertThat(summary.mean()).isNaN();
        assertThat(summary.n()).isZero();
    }
}
