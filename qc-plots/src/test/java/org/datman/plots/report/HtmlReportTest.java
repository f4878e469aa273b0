package org.datman.plots.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.metric.QcKind;
import org.datman.contracts.study.Severity;
import org.datman.plots.picture.Picture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtmlReportTest {

    private static final String HOSTILE = "<script>alert(1)</script>\" onerror='x' &amp; \u0007";

    private static Report report(String name) {
        return new Report(
                name,
                QcKind.BOLD,
                new InputFacts(
                        name,
                        "ab12",
                        List.of(64, 64, 36),
                        List.of(3.4, 3.4, 3.5),
                        200,
                        2.0,
                        "sidecar",
                        "LAS",
                        "k",
                        "j-"),
                Map.of(
                        "tsnr", new Metric("tsnr", 61.23456, "1", 1, null, "automask_e1", 20345L),
                        "ghost_pe", new Metric("ghost_pe", null, "1", 1, "phase_encoding_axis_unknown", null, null)),
                Map.of(),
                List.of(new Flag("slice-spike", 12, 41, Severity.FLAG, Map.of("change_pct", -8.123456, "x", name))),
                new Verdict(QcComplete.Level.FLAG, List.of("brightness of single slices jumps " + name)));
    }

    private static String page(Report report) {
        List<Picture> pictures = List.of(
                new Picture("mosaic.png", "Slices", "Look for blur & ringing.", new byte[] {1, 2, 3}),
                new Picture("traces.svg", "TimeSeriesPlot", "Jumps.", "<svg/>".getBytes(StandardCharsets.UTF_8)));
        return new String(HtmlReport.of(report, pictures), StandardCharsets.UTF_8);
    }

    @Test
    void everythingIsOnThePageAndNothingBesideItIsNeeded() {
        // When a report is written
        String page = page(report("TST01_CMH_0001_01_01_RST_05_rest"));

        // Then verdict, finding, numbers, missing numbers and pictures are there
        assertThat(page)
                .contains(
                        "<h1>TST01_CMH_0001_01_01_RST_05_rest</h1>", "FLAG</span>", "brightness of single slices jumps")
                .contains("slice-spike", "<td class=\"n\">12</td><td class=\"n\">41</td>", "change_pct -8.123")
                .contains("61.23</td>", "automask_e1, 20345 voxels", "phase encoding axis unknown")
                .contains("64 \u00d7 64 \u00d7 36 voxels, 200 volumes", "LAS, slices along k")
                .contains("data:image/png;base64,AQID", "data:image/svg+xml;base64,PHN2Zy8+")
                .contains("Look for blur &amp; ringing.");
        // And it loads and runs nothing
        assertThat(page)
                .contains("default-src 'none'; img-src data:")
                .doesNotContain("<script", "http://", "https://", "@import", "url(", "<link", "<iframe");
    }

    @Test
    void whatHeadersStateIsText() {
        // When a report is written about a series with a hostile name
        String page = page(report(HOSTILE));

        // Then it appears as text and nowhere as markup
        assertThat(page)
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot; onerror=&#39;x&#39; &amp;amp; \ufffd")
                .doesNotContain("<script", "onerror='", "\u0007");
    }

    @Test
    void aSeriesThatCouldNotBeMeasuredHasAPageToo() {
        // Given no input, no numbers, no pictures
        Report failed = new Report(
                "x",
                QcKind.DWI,
                null,
                Map.of(),
                Map.of(),
                List.of(),
                new Verdict(QcComplete.Level.ERROR, List.of("the file ends after 12 of 60 volumes")));

        // When its page is written
        String page = new String(HtmlReport.of(failed, List.of()), StandardCharsets.UTF_8);

        // Then it gives the reason
        assertThat(page).contains("ERROR</span>", "the file ends after 12 of 60 volumes", "There are none.");
    }

    @ParameterizedTest
    @CsvSource({
        "61.23456, 61.23",
        "-0.000212345, -0.0002123",
        "200, 200",
        "0, 0",
        "1.5e-7, 1.500e-07",
        "12345678.5, 1.235e+07"
    })
    void numbersHaveFourDigits(double value, String written) {
        // When a number is written
        String text = HtmlReport.number(value);

        // Then it has the digits that count
        assertThat(text).isEqualTo(written);
    }
}
