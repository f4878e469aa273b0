package org.datman.metrics.dwi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.datman.analysis.testkit.Fixtures;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.metric.QcKind;
import org.datman.contracts.study.Severity;
import org.datman.metrics.Measured;
import org.datman.metrics.Measurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.metrics.input.References;
import org.datman.metrics.model.MeasureException;
import org.datman.plots.picture.Picture;
import org.datman.plots.report.ReportJson;
import org.datman.synthetic.Dropout;
import org.datman.synthetic.DwiSeries;
import org.datman.synthetic.Grid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From files to report. */
class DwiMeasurementTest {

    @TempDir
    private Path folder;

    private static DwiSeries run() {
        return DwiSeries.of(Grid.axial(56, 56, 26, 4, 4, 4.5))
                .shellWithB0s(1000, 24, 8)
                .sigma(15);
    }

    private MeasureRequest written(DwiSeries run, boolean table) throws IOException {
        Path image = Fixtures.write(folder, "run.nii", run);
        MeasureRequest request = MeasureRequest.of("run", QcKind.DWI, image);
        if (!table) {
            return request;
        }
        Path bval = Files.writeString(folder.resolve("run.bval"), line(run.bvals()));
        double[][] g = run.fslBvecs();
        StringBuilder rows = new StringBuilder();
        for (int c = 0; c < 3; c++) {
            int axis = c;
            rows.append(line(Arrays.stream(g).mapToDouble(v -> v[axis]).toArray()));
        }
        Path bvec = Files.writeString(folder.resolve("run.bvec"), rows);
        return request.withGradients(bval, bvec);
    }

    private static String line(double[] x) {
        return Arrays.stream(x).mapToObj(Double::toString).collect(Collectors.joining(" ", "", "\n"));
    }

    @Test
    void aLostSliceIsInTheReportAtItsPlace() throws IOException, MeasureException {
        // Given a run with one lost slice
        MeasureRequest table = written(run().dropout(Dropout.whole(13, 12, 50)), true);
        MeasureRequest request = table.withReferences(new References(table.bval(), table.bvec(), null, List.of()));

        // When it is measured
        Measured measured = Measurement.measure(request);

        // Then the flag, the counts and the verdict show it, and nothing else is flagged
        assertThat(measured.report().flags())
                .filteredOn(f -> f.severity() == Severity.FLAG)
                .singleElement()
                .satisfies(f -> {
                    assertThat(f.kind()).isEqualTo("slice-dropout");
                    assertThat(f.volume()).isEqualTo(13);
                    assertThat(f.slice()).isEqualTo(12);
                });
        assertThat(measured.report().value("n_bad_slices")).isEqualTo(1);
        assertThat(measured.report().value("worst_volume")).isEqualTo(13);
        assertThat(measured.report().value("md_median"))
                .isBetween(measured.report().value("md_p05"), measured.report().value("md_p95"));
        assertThat(measured.report().value("n_b0")).isEqualTo(3);
        assertThat(measured.report().value("gradient_angle_max")).isLessThan(1e-4);
        assertThat(measured.report().value("sigma_piesno")).isBetween(14.0, 16.0);
        assertThat(measured.report().value("ndc")).isGreaterThan(.5);
        assertThat(measured.report().value("snr_b0")).isBetween(20.0, 80.0);
        assertThat(measured.report().value("b0_drift_pct")).isBetween(-3.0, 3.0);
        assertThat(measured.report().value("fd_b0")).isLessThan(.1);
        // The callosum: dark where the weighting is along its fibres, bright across them, brightest without weighting.
        assertThat(measured.report().value("snr_cc_worst"))
                .isLessThan(0.7 * measured.report().value("snr_cc_best"))
                .isGreaterThan(2);
        assertThat(measured.report().value("snr_cc_b0"))
                .isGreaterThan(measured.report().value("snr_cc_best"))
                .isLessThan(90);
        double[] efc = measured.report().timeseries().get("efc_shell").values();
        assertThat(measured.report().value("efc_shell")).isEqualTo(efc[1]).isNotEqualTo(efc[0]);
        assertThat(measured.report().value("fber_shell"))
                .isLessThan(measured.report().timeseries().get("fber_shell").values()[0]);
        assertThat(measured.report().verdict().level()).isNotEqualTo(QcComplete.Level.PASS);
        assertThat(measured.pictures())
                .extracting(Picture::fileName)
                .contains("dropout.png", "gradients.svg", "spectra.svg");
    }

    @Test
    void theSameInputGivesTheSameBytes() throws IOException, MeasureException {
        // Given a run that was measured once
        MeasureRequest request = written(run(), true);
        byte[] first = ReportJson.write(Measurement.measure(request).report());

        // When it is measured again
        byte[] second = ReportJson.write(Measurement.measure(request).report());

        // Then the reports are equal byte by byte
        assertThat(second).isEqualTo(first);
    }

    @Test
    void withoutAGradientTableTheReasonIsGiven() throws IOException, MeasureException {
        // Given a run without bval and bvec
        MeasureRequest request = written(run(), false);

        // When it is measured
        Measured measured = Measurement.measure(request);

        // Then what needs the table is unknown for that reason, the rest is there, and the lack is flagged
        assertThat(measured.report().metrics().get("ndc").reason()).isEqualTo("no_gradient_table");
        assertThat(measured.report().metrics().get("snr_cc_worst").reason()).isEqualTo("no_gradient_table");
        assertThat(measured.report().metrics().get("efc_shell").reason()).isEqualTo("no_gradient_table");
        assertThat(measured.report().metrics().get("n_bad_slices").reason()).isEqualTo("no_gradient_table");
        assertThat(measured.report().value("sigma_piesno")).isBetween(14.0, 16.0);
        assertThat(measured.report().flags())
                .anySatisfy(f -> assertThat(f.evidence().get("check")).isEqualTo("missing"));
    }
}
