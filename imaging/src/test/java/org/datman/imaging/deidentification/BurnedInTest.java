package org.datman.imaging.deidentification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomHeader;
import org.datman.imaging.dicom.TransferSyntax;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BurnedInTest {

    @ParameterizedTest
    @CsvSource({
        "SOPClassUID, 1.2.840.10008.5.1.4.1.1.7, true",
        "SOPClassUID, 1.2.840.10008.5.1.4.1.1.7.4, true",
        "SOPClassUID, 1.2.840.10008.5.1.4.1.1.4, false",
        "SOPClassUID, 1.2.840.10008.5.1.4.1.1.77.1.4, false",
        "BurnedInAnnotation, YES, true",
        "BurnedInAnnotation, NO, false",
        "ConversionType, SD, true",
        "ConversionType, WSD, false",
        "ImageType, DERIVED\\SECONDARY\\SCREEN SAVE, true",
        "ImageType, DERIVED\\SECONDARY\\MPR, false",
        "ImageType, ORIGINAL\\PRIMARY\\M, false"
    })
    void theHeaderDecides(String keyword, String value, boolean burnedIn) {
        // Given
        DicomHeader header = new DicomHeader(
                DicomDataset.builder().build(),
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                DicomDataset.builder().set(keyword, value).build(),
                List.of());

        // When
        boolean found = BurnedIn.isLikelyIn(header);

        // Then
        assertThat(found).isEqualTo(burnedIn);
    }
}
