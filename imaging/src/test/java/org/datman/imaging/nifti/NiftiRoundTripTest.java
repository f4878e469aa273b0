package org.datman.imaging.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NiftiRoundTripTest {

    private static final double[][] OBLIQUE = {
        {-2 * Math.cos(0.3), -2 * Math.sin(0.3), 0, 90},
        {-2 * Math.sin(0.3), 2 * Math.cos(0.3), 0, -126},
        {0, 0, 3, -72},
        {0, 0, 0, 1}
    };

    @TempDir
    Path dir;

    @ParameterizedTest
    @EnumSource(
            value = NiftiDataType.class,
            names = {"UINT8", "INT8", "UINT16", "INT16", "UINT32", "INT32", "UINT64", "INT64", "FLOAT32", "FLOAT64"})
    void everyTypeInBothByteOrdersAndVersionsComesBack(NiftiDataType type) throws IOException {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            for (int version = 1; version <= 2; version++) {
                for (String ending : List.of(".nii", ".nii.gz")) {
                    // Given
                    NiftiHeader header = NiftiHeader.of(type, OBLIQUE, 3, 2, 2, 2)
                            .withFormat(version, order)
                            .withRepetitionTime(1.5)
                            .withScaling(0.5, 10)
                            .withEncodingAxes(1, 2, 3)
                            .withDescription("TE=30;Time=101010.000");
                    float[] first = ramp(type);
                    float[] second = first.clone();
                    second[5] = 10;
                    Path file = dir.resolve(type + "-" + order + version + ending);
                    NiftiWriter.write(file, header, List.of(first, second));

                    // When
                    NiftiImage image = NiftiImage.read(file);

                    // Then
                    assertThat(image.volumes()).isDeepEqualTo(new float[][] {first, second});
                    assertThat(image.header().dims()).isEqualTo(header.dims());
                    assertThat(image.header().repetitionTimeSeconds()).isEqualTo(1.5);
                    assertThat(image.header().phaseAxis()).isEqualTo(2);
                    assertThat(image.header().description()).isEqualTo("TE=30;Time=101010.000");
                    assertThat(image.header().byteOrder()).isEqualTo(order);
                    assertAffine(image.header().affine(), OBLIQUE, 1e-5);
                }
            }
        }
    }

    /** Both ends of the stored range that a float can hold exactly, scaled by 0.5 and shifted by 10. */
    private static float[] ramp(NiftiDataType type) {
        double low = Math.max(type.min(), -0x1p20);
        double high = Math.min(type.max(), 0x1p20);
        float[] values = new float[12];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (Math.rint(low + (high - low) * i / (values.length - 1)) * 0.5 + 10);
        }
        return values;
    }

    @Test
    void quaternionFormAloneGivesTheSameAffine() throws IOException {
        // Given
        NiftiHeader both = NiftiHeader.of(NiftiDataType.INT16, OBLIQUE, 2, 2, 2);
        NiftiHeader quaternionOnly = new NiftiHeader(
                1,
                both.byteOrder(),
                both.dataType(),
                both.dims(),
                both.pixdims(),
                1,
                0,
                both.qform(),
                SForm.ABSENT,
                0,
                both.xyztUnits(),
                0,
                0,
                0,
                "",
                "",
                "",
                352);

        // When
        double[][] affine = quaternionOnly.affine();

        // Then
        assertAffine(affine, OBLIQUE, 1e-9);
    }

    @Test
    void byteOrderAndCompressionDoNotChangeTheVoxelDigest() throws IOException {
        // Given
        NiftiHeader little = NiftiHeader.of(NiftiDataType.FLOAT32, OBLIQUE, 50, 40, 30);
        float[] volume = new float[50 * 40 * 30];
        for (int i = 0; i < volume.length; i++) {
            volume[i] = (float) Math.sin(i);
        }
        Path plain = dir.resolve("little.nii");
        NiftiWriter.write(plain, little, List.of(volume));
        Path packed = dir.resolve("big.nii.gz");
        NiftiWriter.write(packed, little.withFormat(2, ByteOrder.BIG_ENDIAN), List.of(volume));

        // When
        String digest = NiftiReader.voxelDigest(packed);

        // Then
        assertThat(digest).isEqualTo(NiftiReader.voxelDigest(plain));
    }

    @Test
    void theSameImageGivesTheSameBytes() throws IOException {
        // Given
        NiftiHeader header = NiftiHeader.of(NiftiDataType.UINT8, OBLIQUE, 4, 4, 4);
        Path first = dir.resolve("a.nii.gz");
        Path second = dir.resolve("b.nii.gz");
        NiftiWriter.write(first, header, List.of(new float[64]));

        // When
        NiftiWriter.write(second, header, List.of(new float[64]));

        // Then
        assertThat(second).hasSameBinaryContentAs(first);
    }

    @Test
    void storedSlopeZeroMeansUnscaled() throws IOException {
        // Given
        Path file = dir.resolve("unscaled.nii");
        NiftiHeader header =
                NiftiHeader.of(NiftiDataType.INT16, OBLIQUE, 2, 1, 1).withScaling(0, 5);
        NiftiWriter.write(file, header, List.of(new float[] {-3, 7}));

        // When
        NiftiImage image = NiftiImage.read(file);

        // Then
        assertThat(image.volumes()[0]).containsExactly(-3, 7);
    }

    @Test
    void aValueThatDoesNotFitIsRefusedNotClipped() throws IOException {
        // Given
        NiftiHeader header = NiftiHeader.of(NiftiDataType.INT16, OBLIQUE, 2, 1, 1);
        Path file = dir.resolve("overflow.nii");

        // When / Then
        assertThatThrownBy(() -> NiftiWriter.write(file, header, List.of(new float[] {0, 40000})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("voxel 1")
                .hasMessageContaining("40000");
    }

    private static void assertAffine(double[][] actual, double[][] expected, double tolerance) {
        for (int row = 0; row < 4; row++) {
            assertThat(actual[row]).containsExactly(expected[row], within(tolerance));
        }
    }
}
