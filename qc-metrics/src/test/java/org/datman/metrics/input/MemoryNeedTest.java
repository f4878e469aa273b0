package org.datman.metrics.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.datman.imaging.nifti.NiftiDataType;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryNeedTest {

    private static final double[][] AFFINE = {{2, 0, 0, 0}, {0, 2, 0, 0}, {0, 0, 2, 0}, {0, 0, 0, 1}};

    @TempDir
    Path folder;

    @Test
    void aRunNeedsItsVoxelsAsFloatsAndSomeOfOneVolume() throws IOException {
        // Given 1,000 voxels, five volumes
        Path run = folder.resolve("run.nii.gz");
        try (NiftiWriter writer = NiftiWriter.create(run, NiftiHeader.of(NiftiDataType.INT16, AFFINE, 10, 10, 10, 5))) {
            for (int t = 0; t < 5; t++) {
                writer.writeVolume(new float[1000]);
            }
        }

        // When
        long bytes = MemoryNeed.bytes(run);

        // Then
        assertThat(bytes).isEqualTo((32L << 20) + 16 * 1000 + 4 * 5000);
    }

    @Test
    void aFileThatIsNoImageNeedsTheLeast() throws IOException {
        // Given
        Path text = Files.writeString(folder.resolve("text.nii"), "not an image");

        // When
        long bytes = MemoryNeed.bytes(text);

        // Then
        assertThat(bytes).isEqualTo(32L << 20);
    }
}
