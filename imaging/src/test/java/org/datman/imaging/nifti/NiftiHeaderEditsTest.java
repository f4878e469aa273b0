package org.datman.imaging.nifti;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NiftiHeaderEditsTest {

    private static final double[][] IDENTITY = {{2, 0, 0, 0}, {0, 2, 0, 0}, {0, 0, 2, 0}};

    @TempDir
    Path dir;

    private Path image(int version, ByteOrder order, String description) throws IOException {
        NiftiHeader header = NiftiHeader.of(NiftiDataType.INT16, IDENTITY, 2, 2, 2, 2)
                .withFormat(version, order)
                .withRepetitionTime(2)
                .withDescription(description);
        Path file = dir.resolve("i.nii");
        NiftiWriter.write(file, header, List.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, new float[8]));
        return file;
    }

    @ParameterizedTest
    @CsvSource({"1, LITTLE", "1, BIG", "2, LITTLE", "2, BIG"})
    void freeTextAndTimeOfDayGo(int version, String order) throws IOException {
        // Given
        ByteOrder bytes = order.equals("BIG") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        Path file = image(version, bytes, "TE=1.2e+02;Time=122227.258;phase=0;mb=3;Lagerkvist");
        byte[] raw = Files.readAllBytes(file);
        byte[] name = "Lagerkvist".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(name, 0, raw, version == 1 ? 228 : 320, name.length);
        System.arraycopy(name, 0, raw, version == 1 ? 328 : 508, name.length);
        Files.write(file, raw);
        String voxels = NiftiReader.voxelDigest(file);

        // When
        List<String> emptied = NiftiHeaderEdits.clean(file);

        // Then
        NiftiHeader cleaned = NiftiImage.read(file).header();
        assertThat(emptied).containsExactlyInAnyOrder("descrip", "aux_file", "intent_name");
        assertThat(cleaned.description()).isEqualTo("TE=1.2e+02;phase=0;mb=3");
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                .doesNotContain("Lagerkvist");
        assertThat(cleaned.repetitionTimeSeconds()).isEqualTo(2);
        assertThat(NiftiReader.voxelDigest(file)).isEqualTo(voxels);
    }

    @Test
    void nothingIsChangedWhereThereIsNothingToHide() throws IOException {
        // Given
        Path file = image(1, ByteOrder.LITTLE_ENDIAN, "TE=30;phase=1");
        byte[] before = Files.readAllBytes(file);

        // When
        List<String> emptied = NiftiHeaderEdits.clean(file);

        // Then
        assertThat(emptied).isEmpty();
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"1, LITTLE", "2, BIG"})
    void repetitionTimeIsSet(int version, String order) throws IOException {
        // Given
        Path file = image(version, order.equals("BIG") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, "TE=30");
        String voxels = NiftiReader.voxelDigest(file);

        // When
        NiftiHeaderEdits.setRepetitionTime(file, 1.5);

        // Then
        assertThat(NiftiImage.read(file).header().repetitionTimeSeconds()).isEqualTo(1.5);
        assertThat(NiftiReader.voxelDigest(file)).isEqualTo(voxels);
    }
}
