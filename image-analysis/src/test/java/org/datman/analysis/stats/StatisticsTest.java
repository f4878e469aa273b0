package org.datman.analysis.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StatisticsTest {

    @Test
    void quantilesAgreeWithNumpy() {
        // Given: numpy.quantile([3, 1, 4, 1, 5, 9, 2, 6], q)
        double[] x = {3, 1, 4, 1, 5, 9, 2, 6};

        // When
        double[] q = {
            Statistics.quantile(x, 0.25),
            Statistics.median(x),
            Statistics.quantile(x, 0.75),
            Statistics.quantile(x, 0.9)
        };

        // Then
        assertThat(q[0]).isCloseTo(1.75, within(1e-12));
        assertThat(q[1]).isCloseTo(3.5, within(1e-12));
        assertThat(q[2]).isCloseTo(5.25, within(1e-12));
        assertThat(q[3]).isCloseTo(6.9, within(1e-12));
    }

    @Test
    void lowerQuantileTakesTheOrderStatistic() {
        // Given
        float[] x = {3, 1, 4, 1, 5, 9, 2, 6};

        // When
        double q = Statistics.lowerQuantileInPlace(x, x.length, 0.75);

        // Then: floor(7 * 0.75) = 5th of the sorted values
        assertThat(q).isEqualTo(5);
    }

    @Test
    void madIsScaledToASd() {
        // When
        double madn = Statistics.madn(new double[] {1, 2, 3, 4, 100});

        // Then
        assertThat(madn).isCloseTo(1.4826, within(1e-12));
    }

    @Test
    void ranksShareTies() {
        // When
        float[] ranks = Statistics.ranks(new float[] {10, -2, 10, 0, -0f, 7});

        // Then
        assertThat(ranks).containsExactly(5.5f, 1, 5.5f, 2.5f, 2.5f, 4);
    }

    @Test
    void weightedQuantileAveragesOnAnExactHit() {
        // When
        double q = Statistics.weightedQuantile(new double[] {3, 1, 2}, new double[] {1, 1, 2}, 0.25);

        // Then: weight 1 of 4 is reached exactly at the value 1
        assertThat(q).isCloseTo(1.5, within(1e-12));
    }

    @Test
    void slopeIgnoresAnOutlier() {
        // Given
        double[] y = new double[21];
        Arrays.setAll(y, t -> t == 9 ? 500 : 3 + 0.5 * t);

        // When
        double slope = Statistics.slope(y);

        // Then
        assertThat(slope).isCloseTo(0.5, within(1e-9));
    }

    @Property(tries = 200)
    void theStreamingMedianIsTheMedian(@ForAll @Size(min = 1, max = 60) @FloatRange(min = -50, max = 50) float[] x) {
        // When
        double streamed = StreamingMedian.of(sink -> {
            for (float v : x) {
                sink.add(v);
            }
        });

        // Then
        assertThat(streamed).isEqualTo(Statistics.median(x));
    }

    @Property(tries = 200)
    void medianAgreesWithSorting(@ForAll @Size(min = 1, max = 60) float[] x) {
        // Given
        float[] sorted = x.clone();
        Arrays.sort(sorted);

        // When
        double median = Statistics.median(x);

        // Then
        double expected = ((double) sorted[(x.length - 1) / 2] + sorted[x.length / 2]) / 2;
        assertThat(median).isEqualTo(expected);
    }

    @Property(tries = 200)
    void everyOrderStatisticAgreesWithSorting(
            @ForAll @Size(min = 1, max = 90) @FloatRange(min = -9, max = 9) float[] x, @ForAll Random random) {
        // Given: values that repeat, too
        for (int n = 0; n < x.length; n++) {
            x[n] = random.nextBoolean() ? Math.round(x[n]) + 0f : x[n];
        }
        float[] sorted = x.clone();
        Arrays.sort(sorted);
        int rank = random.nextInt(x.length);
        float[] work = x.clone();

        // When
        double found = Select.nth(work, work.length, rank);

        // Then: and the rest is on its side, as the median of evenly many values needs it
        assertThat(found).isEqualTo(sorted[rank]);
        for (int n = 0; n < work.length; n++) {
            assertThat(n < rank ? work[n] <= found : work[n] >= found).isTrue();
        }
    }

    @Test
    void ranksOfManyValuesAreThoseOfTheirPlaces() {
        // Given: both signs, ties, more than are sorted by comparison
        float[] x = new float[5000];
        Random random = new Random(4);
        for (int n = 0; n < x.length; n++) {
            x[n] = n % 3 == 0 ? random.nextInt(21) - 10 : (float) (1e4 * random.nextGaussian());
        }
        float[] sorted = x.clone();
        Arrays.sort(sorted);

        // When
        float[] ranks = Statistics.ranks(x);

        // Then
        for (int n = 0; n < x.length; n++) {
            int first = 0;
            int last = sorted.length - 1;
            while (sorted[first] < x[n]) {
                first++;
            }
            while (sorted[last] > x[n]) {
                last--;
            }
            assertThat(ranks[n]).isEqualTo((first + last) / 2f + 1);
        }
    }
}
