package org.datman.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.datman.imaging.deidentification.Deidentification;
import org.datman.imaging.dicom.DicomReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real scans: one sequence in two layouts, and DICOM against what dcm2niix made of it. Skipped where the scans are absent. */
class RealHeadersTest {

    @TempDir
    private Path folder;

    @Test
    void canonsClassicAndEnhancedDifferOnlyInWhatTheScannerWroteDifferently() throws Exception {
        // Given
        ParameterRecord classic = HeaderFiles.read(unpacked("canon-galan-v61-dwi/classic-3000.tar.xz"));
        ParameterRecord enhanced = HeaderFiles.read(unpacked("canon-galan-v61-dwi/enhanced-3000.tar.xz"));

        // When
        List<HeaderComparison.Row> rows = HeaderComparison.compare(classic, enhanced, HeaderComparison.Rules.TABLE);

        // Then
        // The classic export has no PercentSampling, and calls its parallel imaging by the vendor's name.
        assertThat(mattering(rows)).containsExactly("PercentSampling", "ParallelAcquisitionTechnique");
        assertThat(rows)
                .filteredOn(row -> row.outcome().compliant())
                .extracting(HeaderComparison.Row::name)
                .contains(
                        "RepetitionTime",
                        "EchoTime",
                        "FlipAngle",
                        "DiffusionBValue",
                        "NumberOfSlices",
                        "NumberOfVolumes");
    }

    @Test
    void philipsClassicAndEnhancedDifferOnlyInWhatTheScannerWroteDifferently() throws Exception {
        // Given
        ParameterRecord classic = HeaderFiles.read(unpacked("philips-elition-classic/2001_fcMRI_Field_Mapping.tar.xz"));
        ParameterRecord enhanced = HeaderFiles.read(unpacked("philips-elition-enhanced/enhanced.tar.xz")
                .resolve("enh/2001_WIP_fcMRI_Field_Mapping_e2_phMag.dcm"));

        // When
        List<HeaderComparison.Row> rows = HeaderComparison.compare(classic, enhanced, HeaderComparison.Rules.TABLE);

        // Then
        // The classic export has no station name, image types of its own, and another name for the body coil.
        assertThat(mattering(rows)).containsExactly("StationName", "ImageType", "TransmitCoilName");
        assertThat(rows)
                .filteredOn(row -> row.outcome().compliant())
                .extracting(HeaderComparison.Row::name)
                .contains("RepetitionTime", "EchoTime", "FlipAngle", "PixelSpacing");
    }

    @ParameterizedTest
    @CsvSource({
        "siemens-prisma-ve11-t1-dwi, 4_ep2d_diff_mddw_20_p2, ep2d_diff_mddw_20_p2_20220407150138",
        "siemens-prisma-xa30-enhanced, 7_func-bold_task-fa_run-1, 7_func-bold_task-fa_run-1",
        "ge-mr750-bold, mr_0004, DCM2NIIX_regression_test_4"
    })
    void dicomAndSidecarAgree(String set, String series, String sidecar) throws Exception {
        // Given
        ParameterRecord dicom = HeaderFiles.read(unpacked(set + "/" + series + ".tar.xz"));
        ParameterRecord json =
                SidecarRecords.read(scans().resolve(set).resolve("ref").resolve(sidecar + ".json"));

        // When
        ParameterRecord both = dicom.merge(json);

        // Then
        assertThat(both.conflicts()).isEmpty();
        assertThat(both.parameters().values().stream()
                        .filter(parameter -> parameter.sources().size() > 1)
                        .count())
                .isGreaterThan(20);
    }

    @ParameterizedTest
    @CsvSource({
        "siemens-prisma-xa30-enhanced/17_DWI_dir80_AP.tar.xz, ''",
        "siemens-prisma-xa30-enhanced/27_asl_2d_tra.tar.xz, ''",
        "siemens-prisma-vd13-multiecho/4_me_fMRI.tar.xz, ''",
        "ge-architect-b0map/6_CV_Neuro.tar.xz, ''",
        "philips-elition-classic/1301_ADNI_Sag3D_MPRAGE.tar.xz, ''",
        "philips-elition-enhanced/enhanced.tar.xz, 2001_WIP_fcMRI_Field_Mapping_e2_phMag.dcm",
        "canon-galan-v61-dwi/enhanced-3000.tar.xz, ''"
    })
    void aFileWithoutThePersonsDataHasTheSameParameters(String archive, String ending) throws Exception {
        // Given
        Path file;
        try (Stream<Path> files = Files.walk(unpacked(archive))) {
            file = files.filter(Files::isRegularFile)
                    .filter(each -> each.toString().endsWith(ending))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
        String name = DicomReader.read(file).string("PatientName").orElse("Nobody");
        String id = DicomReader.read(file).string("PatientID").orElse("Nobody");

        // When
        Deidentification.copy(file, folder.resolve("clean.dcm"));

        // Then
        assertThat(HeaderFiles.read(folder.resolve("clean.dcm")).parameters())
                .isEqualTo(HeaderFiles.read(file).parameters())
                .hasSizeGreaterThan(20);
        assertThat(Files.readString(folder.resolve("clean.dcm"), StandardCharsets.ISO_8859_1))
                .doesNotContain(name, id);
    }

    private static List<String> mattering(List<HeaderComparison.Row> rows) {
        return rows.stream()
                .filter(HeaderComparison.Row::matters)
                .map(HeaderComparison.Row::name)
                .toList();
    }

    private static Path scans() {
        String property = System.getProperty("datman.shared-data", "");
        Path scans = Path.of(property);
        assumeTrue(
                !property.isEmpty() && Files.isDirectory(scans),
                "skipped: no real scans, the system property datman.shared-data names no folder");
        return scans;
    }

    private Path unpacked(String archive) throws IOException, InterruptedException {
        Path file = scans().resolve(archive);
        assumeTrue(Files.isReadable(file), "skipped: there is no " + archive);
        Path to = folder.resolve(archive);
        Files.createDirectories(to);
        int exit = new ProcessBuilder("tar", "-xJf", file.toString(), "-C", to.toString())
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start()
                .waitFor();
        assumeTrue(exit == 0, "skipped: tar could not unpack xz archives");
        try (Stream<Path> files = Files.list(to)) {
            assertThat(files).isNotEmpty();
        }
        return to;
    }
}
