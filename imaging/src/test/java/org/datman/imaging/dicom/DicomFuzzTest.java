package org.datman.imaging.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.datman.imaging.Allocation;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.Mutations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files end in the checked error or are read, in bounded time and memory. {@code -Ddatman.fuzz=n} sets the number. */
class DicomFuzzTest {

    private static final int CASES = Integer.getInteger("datman.fuzz", 20_000);
    private static final long SEED = Long.getLong("datman.fuzz.seed", 20261122L);
    private static final long MOST_ALLOCATED_BYTES = 48L << 20;
    private static final long MOST_NANOS = Duration.ofSeconds(5).toNanos();

    @TempDir
    Path dir;

    @Test
    void damagedFilesNeverCrashHangOrFillTheMemory() throws IOException {
        // Given
        List<byte[]> samples = SampleFiles.all();
        Random random = new Random(SEED);
        Path file = dir.resolve("damaged.dcm");
        int refused = 0;

        // When
        for (int i = 0; i < CASES; i++) {
            byte[] damaged = Mutations.mutate(samples.get(i % samples.size()), random);
            ReadOptions options = random.nextBoolean() ? ReadOptions.HEADER : ReadOptions.WHOLE;
            boolean fromFile = i % 20 == 0;
            if (fromFile) {
                Files.write(file, damaged);
            }
            refused += survives(damaged, fromFile ? file : null, options) ? 0 : 1;
        }

        // Then
        assertThat(refused).as("some damage is fatal, some is not").isBetween(CASES / 20, CASES - CASES / 20);
    }

    private static boolean survives(byte[] damaged, Path file, ReadOptions options) throws IOException {
        long allocated = Allocation.soFar();
        long start = System.nanoTime();
        boolean read = true;
        try {
            DicomHeader header = file == null
                    ? DicomReader.read(new ByteArrayInputStream(damaged), options)
                    : DicomReader.read(file, options);
            touch(header.fileMeta());
            touch(header.dataset());
            SiemensCsa.imageHeader(header.dataset());
        } catch (ImageFormatException e) {
            read = false;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            fail("on " + HexFormat.of().formatHex(damaged), e);
        }
        assertThat(Allocation.soFar() - allocated).isLessThan(MOST_ALLOCATED_BYTES);
        assertThat(System.nanoTime() - start).isLessThan(MOST_NANOS);
        return read;
    }

    private static void touch(DicomDataset dataset) {
        dataset.findFirst("RepetitionTime");
        for (DicomElement element : dataset) {
            element.strings();
            element.doubles();
            element.ints();
            element.items().forEach(DicomFuzzTest::touch);
        }
    }
}
