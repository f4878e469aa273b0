package org.datman.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.analysis.testkit.Fixtures;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.csv.LegacyCsv;
import org.datman.metrics.csv.LegacyFile;
import org.datman.plots.report.InputFacts;
import org.datman.plots.report.Metric;
import org.datman.plots.report.Report;
import org.datman.plots.report.ReportJson;
import org.datman.plots.report.TimeCourse;
import org.datman.plots.report.Verdict;
import org.datman.synthetic.EpiSeries;
import org.datman.synthetic.Grid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LegacyCsvTest {

    private final StringWriter text = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void aFunctionalRunKeepsItsOldFiles() {
        // Given: 6 volumes, one of them 0.3 mm along x; signal rises by 2 per volume from 100
        Report run = report(
                "bold",
                Map.of("fd_power", 0.12, "fd_power_num", 2.0, "n_volumes", 6.0, "gcor", 0.03, "sfnr", 88.5),
                TimeCourse.of("fd_power", new double[] {Double.NaN, 0, 0.3, 0.3, 0, 0}),
                TimeCourse.of("global_signal", new double[] {100, 102, 104, 106, 108, 110}),
                TimeCourse.of("aor", new double[] {0, 0, 0.5, 0, 0, 0}),
                motion(1, 1, 1.3, 1, 1, 1));

        // When
        Map<String, LegacyFile> files = files(run);

        // Then
        assertThat(files.get("_stats.csv").text())
                .isEqualTo("mean_fd,n_bad_fd,%_bad_fd,global_corr,mean_sfnr\n0.12,2,0.4,0.03,88.5\n");
        assertThat(files.get("_fd.csv").text()).isEqualTo("tr,fd\n0,0\n1,0.3\n2,0.3\n3,0\n4,0\n");
        assertThat(files.get("_scanlengths.csv").text()).isEqualTo("scan.nii.gz,6\n");
        assertThat(files.get("_spectra.csv").text()).isEqualTo("# freq,mean,sd\n");
        List<List<String>> qa = files.get("_qascripts_bold.csv").rows();
        assertThat(qa.stream().map(r -> r.get(0)))
                .containsExactly(
                        "modulename",
                        "version",
                        "inputfile",
                        "clipval",
                        "clipcount",
                        "tsnr",
                        "gmean",
                        "drift",
                        "driftpercent",
                        "outmax",
                        "outmean",
                        "outcount",
                        "outlist",
                        "meanABSrms",
                        "meanRELrms",
                        "maxABSrms",
                        "maxRELrms");
        assertThat(value(qa, "tsnr")).isEqualTo("88.5");
        assertThat(value(qa, "gmean")).isEqualTo("105");
        assertThat(value(qa, "drift")).isEqualTo("2");
        assertThat(Double.parseDouble(value(qa, "driftpercent"))).isCloseTo(200.0 / 105, within(1e-12));
        assertThat(value(qa, "outmax")).isEqualTo("2000");
        assertThat(value(qa, "outcount")).isEqualTo("1");
        assertThat(qa.get(12)).containsExactly("outlist", "0", "0", "2000", "0", "0", "0");
        assertThat(Double.parseDouble(value(qa, "meanABSrms"))).isCloseTo(0.05, within(1e-12));
        assertThat(Double.parseDouble(value(qa, "meanRELrms"))).isCloseTo(0.12, within(1e-12));
        assertThat(Double.parseDouble(value(qa, "maxRELrms"))).isCloseTo(0.3, within(1e-12));
        assertThat(value(qa, "clipcount")).isEmpty();
    }

    @Test
    void onlyTheUnweightedVolumesOfADiffusionSeriesMove() {
        // Given: volumes 0, 2 and 4 are unweighted; the weighted ones are a metre away
        Report series = report(
                "dwi",
                Map.of("n_volumes", 5.0, "n_b0", 3.0, "n_bad_slices", 7.0),
                TimeCourse.of("ndc", new double[] {Double.NaN, 0.8, Double.NaN, 0.8, Double.NaN}),
                motion(0, 1000, 0.2, 1000, 0.3));

        // When
        Map<String, LegacyFile> files = files(series);

        // Then
        assertThat(files.get("_stats.csv").text()).isEqualTo("#ndirs,nb0s\n2,3\n");
        assertThat(files.get("_spikecount.csv").text()).isEqualTo("7\n");
        List<List<String>> qa = files.get("_qascripts_dti.csv").rows();
        assertThat(value(qa, "tsnr_bX")).isEmpty();
        assertThat(value(qa, "driftpercent")).isEmpty();
        assertThat(Double.parseDouble(value(qa, "maxABSrms"))).isCloseTo(0.3, within(1e-12));
        assertThat(Double.parseDouble(value(qa, "meanRELrms"))).isCloseTo(0.15, within(1e-12));
    }

    @Test
    void phantomsAreInOldUnits() {
        // Given: an fBIRN time series 1000, 1001 … whose old drift is its rise; a DTI phantom of 2 mm voxels
        Report sphere = report(
                "fbirn",
                Map.of("fbirn_mean", 1002.0, "fbirn_fluct_pct", 0.05, "fbirn_sfnr", 249.6),
                TimeCourse.of("fbirn_roi", new double[] {Double.NaN, 1000, 1001, 1002, 1003, 1004}));
        Report agar = report(
                "dti-phantom",
                Map.of("dti_snr_b0", 80.0, "dti_snr_b0_cov_pct", 5.0, "dti_adc", 2.1, "dti_eddy_shift", 0.5));
        Report balls =
                report("adni", Map.of("adni_intensity_1", 900.5, "adni_contrast_1", 1.0, "adni_contrast_2", 0.75));

        // When
        Map<String, LegacyFile> files = files(agar);
        String stability = files(sphere).get("_stats.csv").text();
        String contrasts = files(balls).get("_stats.csv").text();
        String older = files(balls).get("_adni-contrasts.csv").text();

        // Then
        assertThat(stability)
                .isEqualTo("mean,std,%fluct,drift,snr,sfnr,rdc\n01002.000,00000.501,00000.050,00000.399,,00249.600,\n");
        assertThat(contrasts).isEqualTo("int1,contrast1\n900.5,1\n");
        assertThat(older).isEqualTo("0.75,,,\n");
        assertThat(files.get("Section2.3.1_SNR_ADC.csv").text())
                .isEqualTo("aveSNR_b0,CoV_SNR_b0(%),aveSNR_dwi,%CoV_SNR_dwi(%),ADC\n40,5,,,-2.1\n");
        assertThat(files.get("Section2.3.3_EddyCurrentDistortions.csv").text())
                .isEqualTo("avevoxshift,percent_errorvoxshift\n0.25,\n");
        assertThat(files.get("_stats.csv").header())
                .hasSize(14)
                .startsWith("stdSNR_b0")
                .endsWith("CoV_Nyqratio");
        assertThat(files.get("_stats.csv").rows().get(0).get(0)).isEqualTo("2");
    }

    @Test
    void onlyACellThatNeedsItIsQuoted() {
        // Given: what the old readers must find unquoted, and a file name that would break its row
        LegacyFile table = new LegacyFile(
                "_stats.csv",
                ',',
                List.of("#ndirs", "# freq"),
                List.of(List.of("", "-1.5e-7"), List.of("a, \"b\".nii", " blanks "), List.of("tab\t", "")));

        // When
        String written = table.text();

        // Then
        assertThat(written).isEqualTo("#ndirs,# freq\n,-1.5e-7\n\"a, \"\"b\"\".nii\", blanks \ntab\t,\n");
    }

    @Test
    void everyColumnIsExplained() throws Exception {
        // Given
        String page = Files.readString(Path.of(System.getProperty("datman.root"), "docs/old-csv.md"));
        Map<String, Double> five = new TreeMap<>();
        for (int n = 1; n <= 5; n++) {
            five.put("adni_intensity_" + n, 1.0);
        }

        // When
        List<LegacyFile> all = List.of("bold", "dwi", "fbirn", "adni", "dti-phantom").stream()
                .flatMap(kind ->
                        LegacyCsv.of(report(kind, kind.equals("adni") ? five : Map.of("n_volumes", 2.0))).stream())
                .toList();

        // Then
        assertThat(all).hasSize(17);
        for (LegacyFile file : all) {
            assertThat(page).contains("`" + file.ending() + "`");
            file.header().stream()
                    .filter(name -> !name.matches("(int|contrast)[2-4]|# freq|mean|sd"))
                    .forEach(name -> assertThat(page).contains("`" + name + "`"));
        }
        assertThat(LegacyCsv.of(report("anat", Map.of("efc", 0.5)))).isEmpty();
    }

    @Test
    void reportsOfAWholeFolderAreWrittenAndABadOneStopsNoOther() throws Exception {
        // Given
        Report good = report("dwi", Map.of("n_volumes", 5.0, "n_b0", 3.0));
        Files.write(Files.createDirectories(folder.resolve("a/b")).resolve("metrics.json"), ReportJson.write(good));
        Files.writeString(Files.createDirectories(folder.resolve("a/c")).resolve("metrics.json"), "{}");
        Report hostile =
                new Report("../../x", QcKind.DWI, good.input(), good.metrics(), Map.of(), List.of(), good.verdict());
        Files.write(Files.createDirectories(folder.resolve("a/d")).resolve("metrics.json"), ReportJson.write(hostile));

        // When
        int code = run(new LegacyCsvCommand(), folder.resolve("a").toString(), "--out", folder.resolve("out") + "");

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(folder.resolve("out")).isDirectoryContaining("glob:**/scan_stats.csv");
        try (Stream<Path> written = Files.list(folder.resolve("out"))) {
            assertThat(written).hasSize(3);
        }
        assertThat(errors.toString()).contains("c/metrics.json").contains("cannot be a file name");
    }

    @Test
    void theOptionOfBeforeStillWorks() throws Exception {
        // Given
        Path file = Fixtures.write(folder, "run.nii", EpiSeries.of(Grid.axial(16, 16, 4, 8, 8, 8), 3));

        // When
        int code = run(new QcCommand(), file.toString(), "--kind", "other", "--old-csv", "--out", folder + "/out");

        // Then
        assertThat(code).isZero();
        assertThat(text.toString()).contains("earlier DATMAN versions wrote no CSV for this");
    }

    @Test
    void aMeasuredRunBringsItsOldFiles() throws Exception {
        // Given
        Path file = Fixtures.write(folder, "run.nii", EpiSeries.of(Grid.axial(32, 32, 8, 6, 6, 6), 8));

        // When
        int code = run(
                new QcCommand(),
                file.toString(),
                "--kind",
                "bold",
                "--legacy-csv",
                "--out",
                folder.resolve("out").toString());

        // Then
        assertThat(code).isZero();
        List<String> lines = Files.readAllLines(folder.resolve("out/run_stats.csv"));
        assertThat(lines.get(1).split(",", -1)).hasSize(5).doesNotContain("");
        assertThat(Files.readAllLines(folder.resolve("out/run_fd.csv"))).hasSize(8);
        assertThat(Files.readAllLines(folder.resolve("out/run_spectra.csv")))
                .hasSize(6)
                .startsWith("# freq,mean,sd");
        assertThat(Files.readAllLines(folder.resolve("out/run_qascripts_bold.csv")))
                .filteredOn(line -> line.endsWith("\t"))
                .extracting(line -> line.strip())
                .containsExactly("version", "clipval");
        assertThat(text.toString()).contains("run_stats.csv");
    }

    private int run(Object command, String... arguments) {
        return new CommandLine(command)
                .setOut(new PrintWriter(text))
                .setErr(new PrintWriter(errors, true))
                .execute(arguments);
    }

    private static Map<String, LegacyFile> files(Report report) {
        return LegacyCsv.of(report).stream().collect(Collectors.toMap(LegacyFile::ending, Function.identity()));
    }

    private static String value(List<List<String>> rows, String key) {
        return rows.stream()
                .filter(r -> r.get(0).equals(key))
                .findFirst()
                .orElseThrow()
                .get(1);
    }

    private static TimeCourse motion(double... x) {
        return new TimeCourse(
                "motion",
                Arrays.stream(x)
                        .mapToObj(mm -> new double[] {mm, 0, 0, 0, 0, 0})
                        .toArray(double[][]::new));
    }

    private static Report report(String kind, Map<String, Double> values, TimeCourse... courses) {
        Map<String, Metric> metrics = new TreeMap<>();
        values.forEach((key, value) -> metrics.put(key, new Metric(key, value, "1", 1, null, null, null)));
        metrics.put("aor", new Metric("aor", 0.1, "1", 1, null, "automask_e1", 4000L));
        return new Report(
                "scan",
                QcKind.of(kind),
                new InputFacts(
                        "scan.nii.gz",
                        "00",
                        List.of(64, 64, 30),
                        List.of(2.0, 2.0, 3.0),
                        6,
                        2.0,
                        "sidecar",
                        "RAS",
                        "k",
                        "j"),
                metrics,
                Arrays.stream(courses).collect(Collectors.toMap(TimeCourse::key, Function.identity())),
                List.of(),
                new Verdict(QcComplete.Level.PASS, List.of()));
    }
}
