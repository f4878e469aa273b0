package org.datman.metrics.input;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepetitionTimeTest {

    @ParameterizedTest
    @CsvSource({
        // sidecar, image header, excitation, DICOM; used (empty: unknown), whether a contradiction is reported
        "2, 2, , , 2, false",
        "2, 2, , 2, 2, false",
        ", 2.2, , , 2.2, false",
        "2.2, , , , 2.2, false",
        ", , , 2, 2, false",
        // milliseconds, and impossible values
        "2000, 2, , , 2, true",
        "0.055, 2.2, , , 2.2, true",
        ", 2000, , , , true",
        "2000, 2000, , , , true",
        "2000, 2000, , 2, 2, true",
        // two possible values: the scanner decides, else none is used
        "2, 2.2, , , , true",
        "2, 2.2, , 2.2, 2.2, true",
        // a scanner's clock that jumped: a volume is no shorter than an excitation
        "1.57895, 1.57895, 2, , 2, true",
        "1.57895, 1.57895, , 2, 2, true",
        // a delay after each volume
        "2, 2, 1.793, 1.793, 2, false",
        // no source
        ", 0, , , , false",
    })
    void theDeclaredValueDecides(
            Double sidecar, Double image, Double excitation, Double dicom, Double seconds, boolean contradiction) {
        // When
        RepetitionTime tr = RepetitionTime.ofRun(sidecar, image, excitation, dicom);

        // Then
        assertThat(tr.seconds()).isEqualTo(seconds == null ? Double.valueOf(Double.NaN) : seconds);
        assertThat(tr.source()).isNotBlank();
        assertThat(tr.contradiction() != null).isEqualTo(contradiction);
    }
}
