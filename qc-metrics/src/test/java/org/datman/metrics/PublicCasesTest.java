package org.datman.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.datman.contracts.event.QcComplete.Level;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.input.MeasureRequest;
import org.datman.plots.report.Flag;
import org.datman.plots.report.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small images of situations that people reported in public, each with the right value. Skipped where they are absent. */
class PublicCasesTest {

    @ParameterizedTest
    @CsvSource({
        // sidecar, repetition time in s (0: unknown), whether a contradiction is flagged
        "tr-right.json, 2, false",
        "tr-milliseconds.json, 2, true",
        "tr-other.json, 2, true",
        "sidecar-nan.json, 2, false",
        "sidecar-inf.json, 2, false",
    })
    void noMinutesAreInventedFromASidecarThatContradictsTheImage(String sidecar, double seconds, boolean flag)
            throws Exception {
        // Given
        MeasureRequest request = request("bold", "tr.nii.gz", sidecar, null, null);

        // When
        Report report = Measurement.measure(request).report();

        // Then
        assertThat(report.input().trSeconds()).isEqualTo(seconds);
        assertThat(report.value("duration_min")).isEqualTo(6 * seconds / 60, within(1e-9));
        assertThat(kinds(report).contains("repetition-time")).isEqualTo(flag);
        assertThat(report.verdict().level() == Level.PASS && flag).isFalse();
    }

    @Test
    void aRepetitionTimeThatNoRunHasIsUnknown() throws Exception {
        // Given 2000 s in the image's header, and no sidecar
        MeasureRequest request = request("bold", "tr-2000-seconds.nii.gz", null, null, null);

        // When
        Report report = Measurement.measure(request).report();

        // Then
        assertThat(report.input().trSeconds()).isNull();
        assertThat(report.input().trSource()).contains("2000");
        assertThat(report.metrics().get("duration_min").reason()).isEqualTo("tr_unknown");
        assertThat(report.metrics().get("minutes_clean").reason()).isEqualTo("tr_unknown");
        assertThat(report.verdict().reasons()).anyMatch(reason -> reason.contains("2000"));
    }

    @ParameterizedTest
    @CsvSource({"sidecar-nan.json, NaN", "sidecar-inf.json, infinite"})
    void aSidecarWithoutANumberDoesNotStopTheMeasurement(String sidecar, String fault) throws Exception {
        // Given
        MeasureRequest request = request("bold", "tr.nii.gz", sidecar, null, null);

        // When
        Report report = Measurement.measure(request).report();

        // Then
        assertThat(report.value("tsnr")).isNotNull();
        assertThat(report.verdict().reasons()).anyMatch(reason -> reason.contains("sidecar") && reason.contains(fault));
    }

    @Test
    void aRunOfOneVolumeIsNotPassedAndHasAPicture() throws Exception {
        // Given
        MeasureRequest request = request("bold", "onevolume.nii.gz", "onevolume.json", null, null);

        // When
        Measured measured = Measurement.measure(request);

        // Then
        assertThat(measured.report().verdict().level()).isNotEqualTo(Level.PASS);
        assertThat(measured.report().verdict().reasons()).anyMatch(reason -> reason.contains("fewer than"));
        assertThat(measured.pictures()).isNotEmpty();
    }

    @Test
    void aTraceVolumeIsLeftOut() throws Exception {
        // Given
        MeasureRequest with = request("dwi", "trace.nii.gz", null, "trace.bval", "trace.bvec");
        Report without = Measurement.measure(request("dwi", "notrace.nii.gz", null, "notrace.bval", "notrace.bvec"))
                .report();

        // When
        Report report = Measurement.measure(with).report();

        // Then
        assertThat(report.value("n_trace_volumes")).isEqualTo(1);
        assertThat(report.value("n_volumes")).isEqualTo(8);
        for (String key : List.of("n_b0", "n_shells", "ndc", "md_median", "gradient_condition", "snr_b0")) {
            assertThat(report.metrics().get(key))
                    .as(key)
                    .isEqualTo(without.metrics().get(key));
        }
        assertThat(kinds(report)).isEqualTo(kinds(without));
        assertThat(report.verdict().level()).isEqualTo(without.verdict().level());
    }

    @Test
    void oneShellThatScattersIsOneShell() throws Exception {
        // Given
        Report exact = Measurement.measure(request("dwi", "shell.nii.gz", null, "shell-exact.bval", "shell.bvec"))
                .report();
        MeasureRequest scattered = request("dwi", "shell.nii.gz", null, "shell-745-755.bval", "shell.bvec");

        // When
        Report report = Measurement.measure(scattered).report();

        // Then
        assertThat(report.value("n_shells")).isEqualTo(1);
        assertThat(outliers(exact)).isNotEmpty();
        assertThat(outliers(report)).isEqualTo(outliers(exact));
    }

    @Test
    void noiseOfBothSignsHasNoSigmaOfAMagnitude() throws Exception {
        // Given
        MeasureRequest request = request("dwi", "realvalued.nii.gz", null, "realvalued.bval", "realvalued.bvec");

        // When
        Report report = Measurement.measure(request).report();

        // Then
        for (String key : List.of("sigma_piesno", "sigma_bg", "snr_b0", "snr_cc_b0")) {
            assertThat(report.value(key)).as(key).isNull();
            assertThat(report.metrics().get(key).reason()).as(key).isEqualTo("real_valued");
        }
        Report magnitude = Measurement.measure(
                        request("dwi", "magnitude.nii.gz", null, "magnitude.bval", "magnitude.bvec"))
                .report();
        assertThat(magnitude.value("sigma_bg")).isEqualTo(15, within(1.0));
    }

    @ParameterizedTest
    @CsvSource({
        "mp2rage-uni.nii.gz, mp2rage-uni.json, uniform_image",
        "mp2rage-uni.nii.gz, , background_not_dark",
        "mp2rage-inv2.nii.gz, , ",
    })
    void wrapIsUnknownWhereAirIsAsBrightAsTheHead(String image, String sidecar, String reason) throws Exception {
        // Given
        MeasureRequest request = request("anat", image, sidecar, null, null);

        // When
        Report report = Measurement.measure(request).report();

        // Then
        assertThat(report.metrics().get("wrap_fraction").reason()).isEqualTo(reason);
        assertThat(report.verdict().reasons()).noneMatch(text -> text.contains("wrap"));
        // The head of this image is cut off above, which only an image with dark air can show.
        assertThat(report.verdict().level()).isEqualTo(reason == null ? Level.WARN : Level.PASS);
    }

    private static List<Integer> outliers(Report report) {
        return report.flags().stream()
                .filter(flag -> flag.kind().equals("volume-outlier"))
                .map(Flag::volume)
                .toList();
    }

    private static List<String> kinds(Report report) {
        return report.flags().stream().map(Flag::kind).toList();
    }

    private static MeasureRequest request(String kind, String image, String sidecar, String bval, String bvec) {
        return MeasureRequest.of("case", QcKind.of(kind), file(image))
                .withGradients(file(bval), file(bvec))
                .withSidecar(file(sidecar));
    }

    private static Path file(String name) {
        if (name == null) {
            return null;
        }
        Path file = Path.of(System.getProperty("datman.shared-data", ""), "..", "cases", "qc", name);
        assumeTrue(Files.isReadable(file), "skipped: there is no " + name + " among the public cases");
        return file;
    }
}
