package org.datman.export.convert;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Literal output of dcm2niix with exit code 0 (1.0.20220720). */
class ConverterOutputTest {

    private static final String CONVERTED = "Found 3 DICOM file(s)\nConvert 3 DICOM as ./out/i_4_1 (64x64x36x3)\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Warning: Guessing this is a mosaic up to 36 slices (issue 337).",
                "Warning: Interslice distance varies in this volume (incompatible with NIfTI format).",
                "Warning: Missing images? Expected 36 images, found 35",
                "Warning: Unsupported transfer syntax '1.2.840.10008.1.2.4.80' (see www.nitrc.org)",
                "2 images have identical time, series, acquisition and instance values. DUPLICATES REMOVED.",
            })
    void whatMakesTheImagesDoubtfulIsALossAlthoughAllFilesWereConverted(String line) {
        // Given
        String output = CONVERTED + line + "\nConversion required 0.01 seconds.\n";

        // When
        ConverterOutput parsed = ConverterOutput.parse(output);

        // Then
        assertThat(parsed.convertedFiles()).isEqualTo(3);
        assertThat(parsed.doubts()).containsExactly(line);
    }

    @Test
    void whatOnlyWarnsIsARemarkAndLinesThatRepeatAreCounted() {
        // Given
        String line = "Warning: Unable to determine slice timing";

        // When
        ConverterOutput parsed = ConverterOutput.parse(CONVERTED + "Warning: odd\nWarning: odd\n" + line);

        // Then
        assertThat(parsed.doubts()).isEmpty();
        assertThat(parsed.warnings()).contains("Warning: odd (2 times)");
    }

    @Test
    void noFileOfTheScratchFolderIsNamed() {
        // Given
        String output = "Error: unable to read 'in/000001.dcm'\n";

        // When
        ConverterOutput parsed = ConverterOutput.parse(output);

        // Then
        assertThat(parsed.errorLine())
                .hasValueSatisfying(line -> assertThat(line).startsWith("Error").doesNotContain("in/"));
    }
}
