package org.datman.local.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.datman.imaging.nifti.NiftiReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The series of {@code datman bench export}. */
class BenchScansTest {

    @TempDir
    Path folder;

    @Test
    void dcm2niixMakesOneImageOfThem() throws IOException, InterruptedException {
        // Given
        BenchScans scans = new BenchScans(3, "RestingState", 16, 5, 4);
        scans.write(folder.resolve("in"));

        // When
        boolean ended = new ProcessBuilder("dcm2niix", "-z", "y", "-f", "image", "-o", ".", "in")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start()
                .waitFor(60, TimeUnit.SECONDS);

        // Then
        assertThat(ended).as(Files.readString(folder.resolve("log"))).isTrue();
        assertThat(scans.files()).isEqualTo(20);
        try (NiftiReader image = NiftiReader.open(folder.resolve("image.nii.gz"))) {
            assertThat(image.header().nx()).isEqualTo(16);
            assertThat(image.header().nz()).isEqualTo(5);
            assertThat(image.header().volumeCount()).isEqualTo(4);
        }
    }

    @Test
    void theSameSeriesAlwaysHasTheSameBytes() throws IOException {
        // Given
        BenchScans scans = new BenchScans(2, "Sag T1", 16, 3, 1);

        // When
        scans.write(folder.resolve("one"));
        scans.write(folder.resolve("two"));

        // Then
        for (String file : new String[] {"s2-000001.dcm", "s2-000002.dcm", "s2-000003.dcm"}) {
            assertThat(folder.resolve("one").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("two").resolve(file));
        }
    }
}
