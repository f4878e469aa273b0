package org.datman.qc.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.Measurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.metrics.model.MeasureException;
import org.datman.platform.event.OutageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A storage that fails while an image is read causes a retry; a broken image does not. */
class StorageOutageTest {

    @TempDir
    private Path folder;

    @Test
    void anImageThatCannotBeReadNowIsNoBadImage() throws Exception {
        // Given a file that answers "Input/output error"
        Path faulty = Path.of("/proc/self/mem");
        assumeTrue(Files.isReadable(faulty), "skipped: there is no /proc/self/mem");
        MeasureException refusal = refusal(Files.createSymbolicLink(folder.resolve("away.nii"), faulty));

        // When
        Throwable thrown = catchThrowable(() -> Measurer.requireStorage(refusal));

        // Then
        assertThat(thrown).isInstanceOf(OutageException.class).hasMessageContaining("away.nii");
    }

    @Test
    void aBrokenImageIsNoOutage() throws Exception {
        // Given
        MeasureException refusal = refusal(Files.writeString(folder.resolve("broken.nii"), "no image"));

        // When
        Throwable thrown = catchThrowable(() -> Measurer.requireStorage(refusal));

        // Then
        assertThat(thrown).isNull();
    }

    private static MeasureException refusal(Path file) {
        return catchThrowableOfType(
                MeasureException.class, () -> Measurement.measure(MeasureRequest.of("image", QcKind.OTHER, file)));
    }
}
