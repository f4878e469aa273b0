package org.datman.metrics.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.datman.analysis.testkit.Fixtures;
import org.datman.contracts.metric.QcKind;
import org.datman.imaging.nifti.NiftiWriter;
import org.datman.metrics.Measured;
import org.datman.metrics.Measurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.metrics.input.References;
import org.datman.plots.picture.Picture;
import org.datman.plots.report.Compared;
import org.datman.plots.report.Flag;
import org.datman.plots.report.HtmlReport;
import org.datman.plots.report.Report;
import org.datman.plots.report.ReportJson;
import org.datman.synthetic.EpiSeries;
import org.datman.synthetic.Grid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenario <a href="{@docRoot}/../docs/qc-specification.md#F43">F43</a> and the pictures that lay sessions side by side, from files to flags. */
class SessionComparisonTest {

    private static final Grid EPI = Grid.axial(48, 48, 16, 4.5, 4.5, 5);

    @TempDir
    private Path folder;

    /** A head of another session: other noise; {@code lost} removes two fifths of the right anterior superior octant. */
    private Measured session(int number, boolean lost, References references) throws Exception {
        EpiSeries made = EpiSeries.of(EPI, 8).sigma(12).seed(700 + number);
        float[] signal = EpiSeries.of(EPI, 1).sigma(0).volume(0);
        List<float[]> volumes = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            float[] image = made.volume(t).clone();
            for (int v = 0; lost && v < image.length; v++) {
                if (v % 48 >= 24 && v / 48 % 48 >= 24 && v / 2304 >= 8) {
                    // The element's signal goes, the others' noise stays.
                    image[v] -= 0.4f * signal[v];
                }
            }
            volumes.add(image);
        }
        Path file = folder.resolve("session-" + number + ".nii");
        NiftiWriter.write(file, Fixtures.header(EPI, 8, 2), volumes);
        return Measurement.measure(
                MeasureRequest.of("session-" + number, QcKind.BOLD, file).withReferences(references));
    }

    private References before(int sessions) throws Exception {
        List<Path> files = new ArrayList<>();
        for (int n = 0; n < sessions; n++) {
            Path file = folder.resolve("likeness-" + n + ".json");
            Files.write(file, session(n, false, References.NONE).likeness().write());
            files.add(file);
        }
        return new References(null, null, null, files);
    }

    @Test
    void aCoilElementThatFailsIsFoundWhereItWas() throws Exception {
        // Given (docs/qc-specification.md#F43) five good sessions
        References before = before(5);

        // When the sixth has lost two fifths of the signal in an octant
        Measured measured = session(6, true, before);

        // Then that octant is flagged, and a picture shows it
        Flag flag = measured.report().flags().stream()
                .filter(f -> f.kind().equals("local-snr-loss"))
                .findFirst()
                .orElseThrow();
        assertThat((Double) flag.evidence().get("ratio")).isCloseTo(0.6, within(0.08));
        assertThat((Double) flag.evidence().get("r_mm")).isBetween(10.0, 60.0);
        assertThat((Double) flag.evidence().get("a_mm")).isBetween(10.0, 70.0);
        assertThat((Double) flag.evidence().get("s_mm")).isGreaterThan(5);
        assertThat(measured.report().value("local_snr_lost_pct")).isBetween(4.0, 16.0);
        assertThat(measured.report().verdict().reasons()).anyMatch(r -> r.contains("element of the coil"));
        assertThat(measured.pictures()).extracting(Picture::fileName).contains("local-snr.png", "blink.svg");
    }

    @Test
    void aSessionLikeThoseBeforeItHasNoLoss() throws Exception {
        // Given
        References before = before(5);

        // When
        Measured measured = session(6, false, before);

        // Then
        assertThat(measured.report().value("local_snr_lost_pct")).isZero();
        assertThat(measured.report().value("local_snr_ratio_min")).isGreaterThan(0.72);
        assertThat(measured.report().flags()).noneMatch(f -> f.kind().equals("local-snr-loss"));
    }

    @Test
    void twoSessionsTakeTurnsInOneWindow() throws Exception {
        // Given one earlier session
        References before = before(1);

        // When
        Measured measured = session(1, false, before);

        // Then both rows are the same slices as large, without a script, and numbers without enough sessions are null
        String svg = measured.pictures().stream()
                .filter(p -> p.fileName().equals("blink.svg"))
                .map(p -> new String(p.bytes(), StandardCharsets.UTF_8))
                .findFirst()
                .orElseThrow();
        ImageReference earlier = ImageReference.read(before.before().get(0));
        assertThat(measured.likeness().slices()).isEqualTo(earlier.slices());
        assertThat(svg)
                .contains("before: session-0", "now: session-1", "same window in both", "<animate ")
                .doesNotContain("<script");
        assertThat(measured.report().metrics().get("local_snr_ratio_min").reason())
                .isEqualTo("fewer_than_3_earlier_sessions");
    }

    @Test
    void aReportStatesWhatItWasComparedWithAndWhatItCouldNotBe() throws Exception {
        // Given an earlier session, one of another kind, and one whose file is gone
        byte[] good = session(0, false, References.NONE).likeness().write();
        Path earlier = Files.write(folder.resolve("earlier.json"), good);
        String other = new String(good, StandardCharsets.UTF_8).replace("\"bold\"", "\"dwi\"");
        Path ofOtherKind = Files.writeString(folder.resolve("kind.json"), other);
        Compared gone = new Compared("session-9", Compared.EARLIER, null, "its file is gone");

        // When
        Report report = session(
                        1, false, new References(null, null, null, List.of(earlier, ofOtherKind), List.of(gone)))
                .report();

        // Then
        assertThat(report.comparedWith())
                .containsExactly(
                        gone,
                        new Compared("session-0", Compared.EARLIER, sha256(good), null),
                        new Compared(
                                "session-0",
                                Compared.EARLIER,
                                sha256(other.getBytes(StandardCharsets.UTF_8)),
                                "it is of kind dwi"));
        assertThat(ReportJson.read(ReportJson.write(report)).comparedWith()).isEqualTo(report.comparedWith());
        assertThat(new String(HtmlReport.of(report, List.of()), StandardCharsets.UTF_8))
                .contains("Compared with", "left out: its file is gone", sha256(good));
    }

    private static String sha256(byte[] bytes) throws Exception {
        return java.util.HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void aLikenessIsReadAsItWasWrittenAndAnythingElseIsRefused() throws Exception {
        // Given
        ImageReference likeness = session(0, false, References.NONE).likeness();
        Path file = Files.write(folder.resolve("likeness.json"), likeness.write());
        Path other = Files.writeString(folder.resolve("other.json"), "{\"version\": 1}");

        // When
        ImageReference read = ImageReference.read(file);

        // Then
        assertThat(read).isEqualTo(likeness);
        assertThatThrownBy(() -> ImageReference.read(other))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("other.json");
    }
}
