package org.datman.imaging.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.datman.imaging.Allocation;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.Mutations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is no NIfTI file, or was one, ends in the checked error. {@code -Ddatman.fuzz=n} sets the number of damaged files. */
class NiftiHostileTest {

    private static final int CASES = Integer.getInteger("datman.fuzz", 3_000);
    private static final long SEED = Long.getLong("datman.fuzz.seed", 20261122L);
    private static final long MOST_ALLOCATED_BYTES = 160L << 20;
    private static final double[][] AFFINE = {{2, 0, 0, 1}, {0, 2, 0, 2}, {0, 0, 2, 3}, {0, 0, 0, 1}};

    @TempDir
    Path dir;

    @Test
    void damagedFilesNeverCrashHangOrFillTheMemory() throws IOException {
        // Given
        List<byte[]> samples = new ArrayList<>();
        for (int version = 1; version <= 2; version++) {
            for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                for (String ending : List.of(".nii", ".nii.gz")) {
                    samples.add(valid(version, order, ending));
                }
            }
        }
        Random random = new Random(SEED);
        Path file = dir.resolve("damaged.nii");
        int refused = 0;

        // When
        for (int i = 0; i < CASES; i++) {
            byte[] sample = samples.get(i % samples.size());
            // Most damage goes to the header, where it can do harm.
            int part = random.nextInt(4) == 0 ? sample.length : Math.min(sample.length, 352);
            byte[] damagedPart = Mutations.mutate(Arrays.copyOf(sample, part), random);
            ByteArrayOutputStream damaged = new ByteArrayOutputStream();
            damaged.writeBytes(damagedPart);
            damaged.write(sample, part, sample.length - part);
            Files.write(file, damaged.toByteArray());
            refused += survives(file) ? 0 : 1;
        }

        // Then
        assertThat(refused).isBetween(CASES / 20, CASES - CASES / 20);
    }

    private static boolean survives(Path file) throws IOException {
        long allocated = Allocation.soFar();
        boolean read = true;
        try (NiftiReader reader = NiftiReader.open(file)) {
            reader.header().affine();
            for (int t = 0; t < 100 && reader.readVolume() != null; t++) {
                reader.header().repetitionTimeSeconds();
            }
            NiftiReader.voxelDigest(file);
        } catch (ImageFormatException e) {
            read = false;
        } catch (RuntimeException | OutOfMemoryError e) {
            fail("on " + HexFormat.of().formatHex(Files.readAllBytes(file)), e);
        }
        assertThat(Allocation.soFar() - allocated).isLessThan(MOST_ALLOCATED_BYTES);
        return read;
    }

    private byte[] valid(int version, ByteOrder order, String ending) throws IOException {
        Path file = dir.resolve("valid" + version + order + ending);
        NiftiHeader header =
                NiftiHeader.of(NiftiDataType.INT16, AFFINE, 4, 3, 2, 2).withFormat(version, order);
        NiftiWriter.write(file, header, List.of(new float[24], new float[24]));
        return Files.readAllBytes(file);
    }

    @Test
    void dimsWhoseProductOverflowsAreRefused() throws IOException {
        // Given
        Path file = dir.resolve("overflow.nii");
        byte[] bytes = valid(2, ByteOrder.LITTLE_ENDIAN, ".nii");
        for (int i = 1; i <= 4; i++) {
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(16 + 8 * i, Integer.MAX_VALUE);
        }
        Files.write(file, bytes);

        // When / Then
        assertThatThrownBy(() -> NiftiReader.open(file))
                .isInstanceOf(ImageFormatException.class)
                .hasMessageContaining("overflows");
    }

    @Test
    void moreVoxelsThanTheFileCanHoldAreRefusedBeforeTheyAreAllocated() throws IOException {
        // Given
        Path file = dir.resolve("huge.nii.gz");
        byte[] header = Arrays.copyOf(valid(1, ByteOrder.LITTLE_ENDIAN, ".nii"), 352);
        for (int i = 1; i <= 3; i++) {
            ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putShort(40 + 2 * i, (short) 600);
        }
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(header);
        }
        long before = Allocation.soFar();

        // When / Then
        assertThatThrownBy(() -> NiftiImage.read(file))
                .isInstanceOf(ImageFormatException.class)
                .hasMessageContaining("cannot hold them even compressed");
        assertThat(Allocation.soFar() - before).isLessThan(4L << 20);
    }

    @Test
    void aCutGzipFileStatesThatItIsTruncated() throws IOException {
        // Given
        Path file = dir.resolve("cut.nii.gz");
        byte[] whole = valid(1, ByteOrder.LITTLE_ENDIAN, ".nii.gz");
        Files.write(file, Arrays.copyOf(whole, whole.length - 12));

        // When / Then
        assertThatThrownBy(() -> NiftiImage.read(file))
                .isInstanceOf(ImageFormatException.class)
                .hasMessageContaining("truncated");
        assertThatThrownBy(() -> NiftiReader.voxelDigest(file)).isInstanceOf(ImageFormatException.class);
    }

    @Test
    void coloursHaveAHeaderButNoMeasurableVoxels() throws IOException {
        // Given
        Path file = dir.resolve("colour.nii");
        byte[] bytes = valid(1, ByteOrder.LITTLE_ENDIAN, ".nii");
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(70, (short) 128)
                .putShort(72, (short) 24);
        Files.write(file, Arrays.copyOf(bytes, 352 + 48 * 3));

        // When
        try (NiftiReader reader = NiftiReader.open(file)) {

            // Then
            assertThat(reader.header().dataType()).isEqualTo(NiftiDataType.RGB24);
            assertThatThrownBy(reader::readVolume)
                    .isInstanceOf(ImageFormatException.class)
                    .hasMessageContaining("RGB24");
        }
    }

    @Test
    void coloursHaveALuminance() throws IOException {
        // Given
        Path file = dir.resolve("colour.nii");
        byte[] bytes = Arrays.copyOf(valid(1, ByteOrder.LITTLE_ENDIAN, ".nii"), 352 + 48 * 3);
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(70, (short) 128)
                .putShort(72, (short) 24)
                .put(352 + 3, (byte) 200)
                .put(352 + 4, (byte) 100)
                .put(352 + 5, (byte) 50);
        Files.write(file, bytes);

        // When
        float[] volume;
        try (NiftiReader reader = NiftiReader.open(file)) {
            volume = reader.readLuminance();
        }

        // Then
        assertThat(volume[1]).isCloseTo(0.299f * 200 + 0.587f * 100 + 0.114f * 50, within(1e-3f));
    }

    @Test
    void otherFilesAreCalledNoNifti() throws IOException {
        // Given
        Path file = dir.resolve("text.nii");
        Files.writeString(file, "this is not an image");

        // When / Then
        assertThatThrownBy(() -> NiftiReader.open(file))
                .isInstanceOf(ImageFormatException.class)
                .hasMessageContaining("not a NIfTI file");
    }
}
