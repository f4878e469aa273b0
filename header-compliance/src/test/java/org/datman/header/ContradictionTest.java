package org.datman.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContradictionTest {

    @ParameterizedTest
    @CsvSource({
        // field, vendor, value of the sidecar, value of the DICOM, whether they contradict each other
        "ScanOptions, siemens, FS, FS\\PER, false",
        "ScanOptions, siemens, FS, PER, true",
        "ScanningSequence, philips, RM, GR, false",
        "ScanningSequence, philips, EP\\SE, SE, false",
        "ScanningSequence, philips, GR, SE, true",
        "EchoTime, philips, 4.6, 2.3 4.6, false",
        "EchoTime, philips, 0, 2.3, false",
        "EchoTime, siemens, 30, 35, true",
        "DiffusionBValue, philips, 0 1000, 0, false",
        "DiffusionBValue, philips, 0 1000, 700, true",
        "RepetitionTime, philips, 51000, 4250, false",
        "RepetitionTime, philips, 2000, 1793, true",
        "RepetitionTime, philips, 1579, 2000, true",
        "RepetitionTime, siemens, 2000000, 2000, true",
        "RepetitionTime, siemens, 2000, 4000, true",
        "EchoTrainLength, philips, 7, 112, false",
        "EchoTrainLength, siemens, 7, 112, true",
        "FlipAngle, siemens, 90, 80, true",
    })
    void onlyWhatMeansTheSameIsCompared(String field, String vendor, String sidecar, String dicom, boolean contradict) {
        // Given
        Parameter json = new Parameter(value(sidecar), List.of("JSON " + field));
        Parameter kept = new Parameter(value(dicom), List.of("(0018,0000) " + field));

        // When
        boolean found = Contradiction.between(FieldTable.of(field), json, kept, vendor);

        // Then
        assertThat(found).isEqualTo(contradict);
        assertThat(Contradiction.between(FieldTable.of(field), kept, json, vendor))
                .isEqualTo(contradict);
    }

    private static Value value(String text) {
        return text.matches("[0-9. ]+")
                ? Value.of(Arrays.stream(text.split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                : Value.of(text.split("\\\\"));
    }
}
