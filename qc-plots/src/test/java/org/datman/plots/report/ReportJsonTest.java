package org.datman.plots.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.metric.QcKind;
import org.datman.contracts.study.Severity;
import org.junit.jupiter.api.Test;

class ReportJsonTest {

    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(ReportJsonTest.class.getResourceAsStream("/schema/metrics.schema.json"));

    @Test
    void aWrittenReportIsValidAndReadsBackTheSame() throws Exception {
        // Given
        Report report = example();

        // When
        byte[] json = ReportJson.write(report);

        // Then
        assertThat(SCHEMA.validate(new String(json, StandardCharsets.UTF_8), InputFormat.JSON))
                .isEmpty();
        assertThat(ReportJson.write(ReportJson.read(json))).isEqualTo(json);
        assertThat(new String(json, StandardCharsets.UTF_8))
                .contains("\"fd_power\" : [ null, 0.1, 0.333333333 ]")
                .contains("\"reason\" : \"background_zeroed\"")
                .contains("\"hz\" : [ 0, 0.25 ]");
    }

    @Test
    void theSchemaRefusesAValueWithoutSense() throws Exception {
        // Given
        ObjectNode tree = ReportJson.tree(example());
        ((ObjectNode) tree.at("/metrics/sigma_bg")).putNull("reason");

        // When
        var errors = SCHEMA.validate(tree.toString(), InputFormat.JSON);

        // Then
        assertThat(errors).isNotEmpty();
    }

    @Test
    void aMetricIsAValueOrAReason() {
        // When, Then
        assertThatThrownBy(() -> new Metric("tsnr", null, "1", 1, null, null, null))
                .hasMessageContaining("value or a reason");
    }

    @Test
    void aBadFileIsRefusedWithWhatIsMissing() {
        // Given
        byte[] json = "{\"metrics\":{}}".getBytes(StandardCharsets.UTF_8);

        // When, Then
        assertThatThrownBy(() -> ReportJson.read(json))
                .isInstanceOf(ReportFormatException.class)
                .hasMessageContaining("timeseries");
    }

    @Test
    void numbersHaveNineDigitsAndNoNegativeZero() {
        // When
        List<String> written = List.of(
                ReportJson.decimal(1.0 / 3).toString(),
                ReportJson.decimal(-0.0).toString(),
                ReportJson.decimal(123456789012.0).toString(),
                ReportJson.decimal(2.5e-7).toString());

        // Then
        assertThat(written).containsExactly("0.333333333", "0", "1.23456789E+11", "2.5E-7");
    }

    private static Report example() {
        InputFacts input = new InputFacts(
                "a.nii.gz",
                "0".repeat(64),
                List.of(64, 64, 36),
                List.of(3.5, 3.5, 3.5),
                3,
                2.0,
                "sidecar",
                "LAS",
                "k",
                "j-");
        return new Report(
                "a",
                QcKind.BOLD,
                input,
                Map.of(
                        "tsnr",
                        new Metric("tsnr", 55.25, "1", 1, null, "automask_e1", 1234L),
                        "sigma_bg",
                        new Metric("sigma_bg", null, "intensity", 1, "background_zeroed", null, null)),
                Map.of(
                        "fd_power",
                        TimeCourse.of("fd_power", new double[] {Double.NaN, 0.1, 1.0 / 3}),
                        "motion",
                        new TimeCourse("motion", new double[][] {{0, 0, 0, 0, 0, 0}, {1, 2, 3, 0.1, 0.2, 0.3}})),
                List.of(new Flag("slice-dropout", 12, 33, Severity.FLAG, Map.of("loss_pct", 42.0))),
                new Verdict(QcComplete.Level.FLAG, List.of("x")),
                new TemporalSpectrum(new double[] {0, 0.25}, new double[] {0, 3}, new double[] {0, 0.5}),
                List.of(
                        new Compared("b", Compared.EARLIER, "1".repeat(64), null),
                        new Compared("c", Compared.GOLD, null, "gone")));
    }
}
