package org.datman.analysis.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.datman.analysis.image.Series;
import org.datman.analysis.testkit.Fixtures;
import org.datman.synthetic.DwiSeries;
import org.datman.synthetic.Grid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenario <a href="{@docRoot}/../docs/qc-specification.md#F06">F06</a>. */
class PiesnoTest {

    @ParameterizedTest
    @CsvSource({"72, 12, 3, 1", "256, 4, 0.9, 1", "72, 6, 3, 8"})
    void noiseOfTheBackground(int matrix, int slices, double mm, int coils) {
        // Given noise of 12 per channel
        Series series = Fixtures.series(DwiSeries.of(Grid.axial(matrix, matrix, slices, mm, mm, 4))
                .sigma(12)
                .coils(coils)
                .b0(2)
                .shell(1000, 20));

        // When it is measured with the right number of channels
        Piesno noise = Piesno.of(series, coils);

        // Then it is found within 4 %
        assertThat(noise.sigma()).isCloseTo(12, within(.5));
    }

    @Test
    void withoutABackgroundThereIsNoAnswer() {
        // Given a series whose voxels are all bright, and one whose background was set to zero
        java.util.List<float[]> volumes = new java.util.ArrayList<>();
        for (int v = 0; v < 10; v++) {
            float[] volume = new float[40 * 40 * 4];
            for (int i = 0; i < volume.length; i++) {
                int x = i % 40;
                volume[i] = x < 20 ? 0 : 1000 + 10 * ((i * 7919 + v * 104729) % 97);
            }
            volumes.add(volume);
        }
        Series series = Series.of(Fixtures.grid(Grid.axial(40, 40, 4, 3, 3, 3)), volumes);

        // When noise is estimated
        Piesno noise = Piesno.of(series, 1);

        // Then none is invented
        assertThat(noise.sigma()).isNaN();
    }
}
