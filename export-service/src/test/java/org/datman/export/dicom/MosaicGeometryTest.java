package org.datman.export.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomDatasetBuilder;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.imaging.dicom.Tag;
import org.datman.imaging.dicom.Vr;
import org.junit.jupiter.api.Test;

/** Position of the volume of a mosaic, by the worked example of a 3×3 mosaic of 4×4 voxels. */
class MosaicGeometryTest {

    @Test
    void theFirstVoxelIsHalfTheDifferenceOfBothSizesFurtherOn() throws IOException {
        // Given 7 slices of 4×4 voxels of 2×3 mm in a mosaic of 12×12, slices 5 mm apart downwards
        Map<String, List<String>> csa = new TreeMap<>();
        csa.put("NumberOfImagesInMosaic", List.of("7"));
        csa.put("SliceNormalVector", List.of("0.0", "0.0", "-1.0"));

        // When
        ImageHeader header = header(csa);

        // Then (12 − 4) / 2 = 4 voxels along both
        assertThat(header.mosaicSlices()).isEqualTo(7);
        assertThat(header.mosaicCorners()).hasSize(8);
        assertThat(header.mosaicCorners().get(0)).containsExactly(-20.0 + 4 * 3, -10.0 + 4 * 2, 30.0);
        assertThat(header.mosaicCorners().get(7)).containsExactly(-20.0 + 7 * 3, -10.0 + 7 * 2, 30.0 - 6 * 5);
    }

    @Test
    void withoutTheDirectionOfTheSlicesNothingIsClaimed() throws IOException {
        // Given
        Map<String, List<String>> csa = Map.of("NumberOfImagesInMosaic", List.of("7"));

        // When
        ImageHeader header = header(csa);

        // Then
        assertThat(header.mosaicSlices()).isEqualTo(7);
        assertThat(header.mosaicCorners()).isEmpty();
    }

    private static ImageHeader header(Map<String, List<String>> csa) throws IOException {
        DicomDatasetBuilder builder = DicomDataset.builder()
                .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                .set("SOPInstanceUID", "1.2.3")
                .set("SeriesInstanceUID", "1.2")
                .set("Manufacturer", "SIEMENS")
                .set("ImageType", "ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC")
                .set("PixelSpacing", "2", "3")
                .set("SpacingBetweenSlices", "5")
                .set("ImagePositionPatient", "-20", "-10", "30")
                .set("ImageOrientationPatient", "1", "0", "0", "0", "1", "0")
                .set("Rows", 12)
                .set("Columns", 12);
        builder.set(builder.privateTag(0x0029, "SIEMENS CSA HEADER", 0x10), Vr.OB, csa(csa));
        builder.set(Tag.PIXEL_DATA, Vr.OW, new short[144]);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DicomWriter.write(file, "1.2.840.10008.1.2.1", builder.build());
        return ImageHeader.of(DicomReader.read(new ByteArrayInputStream(file.toByteArray())), new HashMap<>());
    }

    /** The SV10 format of a CSA header. */
    private static byte[] csa(Map<String, List<String>> tags) {
        ByteBuffer out = ByteBuffer.allocate(1 << 14).order(ByteOrder.LITTLE_ENDIAN);
        out.put("SV10".getBytes(StandardCharsets.US_ASCII)).putInt(0x01020304);
        out.putInt(tags.size()).putInt(77);
        tags.forEach((name, values) -> {
            out.put(Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 64));
            out.putInt(values.size()).put(new byte[] {'F', 'D', 0, 0}).putInt(4);
            out.putInt(values.size()).putInt(77);
            for (String value : values) {
                byte[] text = value.getBytes(StandardCharsets.US_ASCII);
                out.putInt(text.length).putInt(text.length).putInt(77).putInt(text.length);
                out.put(Arrays.copyOf(text, (text.length + 3) / 4 * 4));
            }
        });
        return Arrays.copyOf(out.array(), out.position());
    }
}
