package org.datman.bids.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.datman.bids.expression.Absent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"LITTLE_ENDIAN", "BIG_ENDIAN"})
    void anSformGivesTheAxes(String order) throws IOException {
        // Given: x to the left, y to the head, z to the front
        ByteBuffer header = nifti1(order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        header.putShort(254, (short) 1)
                .putFloat(280, -2)
                .putFloat(280 + 9 * 4, 2.5f)
                .putFloat(280 + 6 * 4, 3);

        // When
        Map<String, Object> fields = read(header);

        // Then
        assertThat(fields.get("axis_codes")).isEqualTo(List.of("L", "S", "A"));
        assertThat(fields.get("shape")).isEqualTo(List.of(4.0, 5.0, 6.0, 7.0));
        assertThat(fields.get("pixdim")).isEqualTo(List.of(1.0, 2.0, 2.0, 2.0, 0.667, 0.0, 0.0, 0.0));
        assertThat(fields.get("xyzt_units")).isEqualTo(Map.of("xyz", "mm", "t", "sec"));
    }

    @Test
    void aQuaternionGivesTheAxes() throws IOException {
        // Given: half a turn around z
        ByteBuffer header = nifti1(ByteOrder.LITTLE_ENDIAN);
        header.putShort(252, (short) 1).putFloat(264, 1);

        // When
        Map<String, Object> fields = read(header);

        // Then
        assertThat(fields.get("axis_codes")).isEqualTo(List.of("L", "P", "S"));
    }

    @Test
    void anAffineWithoutNumbersHasNoAxes() throws IOException {
        // Given
        ByteBuffer header = nifti1(ByteOrder.LITTLE_ENDIAN);
        header.putShort(254, (short) 1).putFloat(280, Float.NaN);

        // When
        Map<String, Object> fields = read(header);

        // Then
        assertThat(fields.get("axis_codes")).isEqualTo(Absent.NULL);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 347, 348, 600})
    void whatIsNoImageHasNoHeader(int size) throws IOException {
        // Given
        Files.write(folder.resolve("x.nii.gz"), new byte[size]);

        // When
        DatasetFile file = FolderReader.read(folder).file("x.nii.gz").orElseThrow();

        // Then
        assertThat(Headers.nifti(file)).isEmpty();
        assertThat(Headers.gzip(file)).isEmpty();
    }

    private Map<String, Object> read(ByteBuffer header) throws IOException {
        Files.write(folder.resolve("x.nii"), header.array());
        return Headers.nifti(FolderReader.read(folder).file("x.nii").orElseThrow())
                .orElseThrow();
    }

    private static ByteBuffer nifti1(ByteOrder order) {
        ByteBuffer header = ByteBuffer.allocate(352).order(order);
        header.putInt(0, 348).putShort(40, (short) 4);
        header.putShort(42, (short) 4)
                .putShort(44, (short) 5)
                .putShort(46, (short) 6)
                .putShort(48, (short) 7);
        header.putFloat(76, 1).putFloat(80, 2).putFloat(84, 2).putFloat(88, 2).putFloat(92, 0.66667f);
        header.put(123, (byte) (2 | 8))
                .put(344, (byte) 'n')
                .put(345, (byte) '+')
                .put(346, (byte) '1');
        return header;
    }
}
