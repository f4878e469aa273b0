package org.datman.analysis.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeriesBuilderTest {

    @Test
    void aSeriesOnDiskReadsLikeOneOnTheHeap() throws Exception {
        // Given
        Grid grid = Grid.ras(5, 4, 3, 1, 1, 1);
        float[][] volumes = new float[3][grid.size()];
        for (int t = 0; t < 3; t++) {
            for (int v = 0; v < grid.size(); v++) {
                volumes[t][v] = 100 * t + v;
            }
        }
        volumes[1][7] = Float.NaN;

        // When
        Series onDisk;
        try (SeriesBuilder builder = SeriesBuilder.onDisk(grid, 3)) {
            for (float[] volume : volumes) {
                builder.add(volume.clone());
            }
            onDisk = builder.build();
        }

        // Then
        assertThat(onDisk.volumes()).isEqualTo(3);
        assertThat(onDisk.nonFinite()).isEqualTo(1);
        assertThat(onDisk.volume(2).data()).isEqualTo(volumes[2]);
        float[] part = new float[6];
        onDisk.read(1, 5, 4, part, 1);
        assertThat(part).containsExactly(0, 105, 106, 0, 108, 0);
    }
}
