package org.datman.metrics.csv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.plots.report.InputFacts;
import org.datman.plots.report.Report;
import org.datman.plots.report.TemporalSpectrum;
import org.datman.plots.report.TimeCourse;
import org.jspecify.annotations.Nullable;

/**
 * A report as the CSV files of earlier versions of DATMAN: same endings, same headers, same order, old units. Where the old program had
 * the number by another formula, it has ours; where there is none, the cell is empty, never 0 or -1. Every column, its source and
 * what differs is in {@code docs/old-csv.md}.
 */
public final class LegacyCsv {

    private static final double BAD_OUTLIERS = 1000;
    private static final List<Column> BOLD_STATS = List.of(
            Column.of("fd_power"),
            Column.of("fd_power_num"),
            Column.of("%_bad_fd", LegacyCsv::badShare),
            Column.of("gcor"),
            Column.of("sfnr"));
    private static final List<Column> DWI_STATS =
            List.of(Column.of("#ndirs", r -> number(r, "n_volumes") - number(r, "n_b0")), Column.of("n_b0"));
    private static final List<Column> FBIRN_STATS = List.of(
            Column.of("fbirn_mean"),
            Column.of("std", r -> number(r, "fbirn_fluct_pct") * number(r, "fbirn_mean") * 0.01),
            Column.of("fbirn_fluct_pct"),
            Column.of("drift", r -> RunNumbers.lastLessFirst(r.timeseries().get("fbirn_roi"))),
            Column.of("fbirn_snr"),
            Column.of("fbirn_sfnr"),
            Column.of("fbirn_rdc"));
    private static final List<Column> DTI_PHANTOM_STATS = List.of(
            Column.of("stdSNR_b0", r -> oldSnr(r, "dti_snr_b0") * number(r, "dti_snr_b0_cov_pct") * 0.01),
            Column.of("aveSNR_b0", r -> oldSnr(r, "dti_snr_b0")),
            Column.of("dti_snr_b0_cov_pct"),
            Column.of("stdSNR_dwi", r -> oldSnr(r, "dti_snr_dwi") * number(r, "dti_snr_dwi_cov_pct") * 0.01),
            Column.of("aveSNR_dwi", r -> oldSnr(r, "dti_snr_dwi")),
            Column.of("dti_snr_dwi_cov_pct"),
            Column.none("AVE Ave.radpixsh"),
            Column.none("AVE Max.radpixsh"),
            Column.of("AVE Ave.colpixsh", r -> voxels(r, "dti_eddy_shift")),
            Column.of("dti_fa_mean"),
            Column.of("dti_fa_sd"),
            Column.none("STDNyqratio"),
            Column.of("dti_nyquist_ratio"),
            Column.none("CoV_Nyqratio"));
    private static final List<Column> SNR_ADC = List.of(
            Column.of("aveSNR_b0", r -> oldSnr(r, "dti_snr_b0")),
            Column.of("dti_snr_b0_cov_pct"),
            Column.of("aveSNR_dwi", r -> oldSnr(r, "dti_snr_dwi")),
            new Column("%CoV_SNR_dwi(%)", "dti_snr_dwi_cov_pct"),
            Column.of("ADC", r -> number(r, "dti_adc") * -1));
    private static final List<Column> EDDY = List.of(
            Column.of("avevoxshift", r -> voxels(r, "dti_eddy_shift")),
            Column.of("percent_errorvoxshift", r -> voxels(r, "dti_eddy_shift_b0")));

    /** A column: its old name and its number in old units, NaN where there is none. */
    private record Column(String name, ToDoubleFunction<Report> number) {

        Column(String name, String key) {
            this(name, report -> LegacyCsv.number(report, key));
        }

        /** A metric under the old name that the catalogue has for it. */
        static Column of(String key) {
            return new Column(MetricCatalogue.get(key).findLegacyName().orElseThrow(), key);
        }

        static Column of(String name, ToDoubleFunction<Report> number) {
            return new Column(name, number);
        }

        static Column none(String name) {
            return new Column(name, report -> Double.NaN);
        }
    }

    private LegacyCsv() {}

    /**
     * The files that earlier versions of DATMAN had for this kind of series; none for kinds without a CSV (anatomical images, ACR phantoms)
     * and for a series that could not be measured.
     */
    public static List<LegacyFile> of(Report report) {
        if (report.verdict().level() == QcComplete.Level.ERROR
                && report.metrics().isEmpty()) {
            return List.of();
        }
        return switch (report.kind()) {
            case BOLD -> bold(report);
            case DWI -> dwi(report);
            case ADNI -> List.of(table(report, "_stats.csv", adni(report), LegacyCsv::text), contrasts(report));
            case FBIRN -> List.of(table(report, "_stats.csv", FBIRN_STATS, LegacyCsv::padded));
            case DTI_PHANTOM -> dtiPhantom(report);
            default -> List.of();
        };
    }

    private static List<LegacyFile> bold(Report report) {
        List<LegacyFile> files = new ArrayList<>();
        files.add(table(report, "_stats.csv", BOLD_STATS, LegacyCsv::text));
        files.add(plain("_scanlengths.csv", List.of(file(report), text(number(report, "n_volumes")))));
        files.add(new LegacyFile(
                "_fd.csv", ',', List.of("tr", "fd"), steps(report.timeseries().get("fd_power"))));
        files.add(new LegacyFile(
                "_qascripts_bold.csv", '\t', List.of(), qascripts(report, "", RunNumbers.ofRun(report))));
        files.add(new LegacyFile("_spectra.csv", ',', List.of("# freq", "mean", "sd"), spectrum(report.spectrum())));
        return files;
    }

    private static List<LegacyFile> dwi(Report report) {
        return List.of(
                table(report, "_stats.csv", DWI_STATS, LegacyCsv::text),
                plain("_spikecount.csv", List.of(text(number(report, "n_bad_slices")))),
                new LegacyFile(
                        "_qascripts_dti.csv",
                        '\t',
                        List.of(),
                        qascripts(report, "_bX", RunNumbers.ofDiffusion(report))));
    }

    /** Fewer balls, fewer columns: as in the old program, and as its readers expect. */
    private static List<Column> adni(Report report) {
        int balls = (int) IntStream.rangeClosed(1, 5)
                .filter(n -> report.value("adni_intensity_" + n) != null)
                .count();
        List<Column> columns = new ArrayList<>();
        IntStream.rangeClosed(1, balls).forEach(n -> columns.add(Column.of("adni_intensity_" + n)));
        IntStream.rangeClosed(1, balls).forEach(n -> columns.add(Column.of("adni_contrast_" + n)));
        return columns;
    }

    /** The older file: the four dimmer balls relative to the brightest; its readers called them c1 to c4. */
    private static LegacyFile contrasts(Report report) {
        return plain(
                "_adni-contrasts.csv",
                IntStream.rangeClosed(2, 5)
                        .mapToObj(n -> text(number(report, "adni_contrast_" + n)))
                        .toList());
    }

    private static List<LegacyFile> dtiPhantom(Report report) {
        return List.of(
                table(report, "_stats.csv", DTI_PHANTOM_STATS, LegacyCsv::text),
                table(report, "Section2.3.1_SNR_ADC.csv", SNR_ADC, LegacyCsv::text),
                table(
                        report,
                        "Section2.3.2_B0DistortionRatio.csv",
                        List.of(Column.of("dti_b0_distortion")),
                        LegacyCsv::text),
                table(report, "Section2.3.3_EddyCurrentDistortions.csv", EDDY, LegacyCsv::text),
                table(report, "Section2.3.4_AveNyqRatio.csv", List.of(Column.of("dti_nyquist_ratio")), LegacyCsv::text),
                table(
                        report,
                        "Section2.3.5_FAvalues.csv",
                        List.of(Column.of("dti_fa_mean"), Column.of("dti_fa_sd")),
                        LegacyCsv::text));
    }

    private static List<List<String>> qascripts(Report report, String suffix, RunNumbers run) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("modulename", "datman"));
        rows.add(List.of("version", ""));
        rows.add(List.of("inputfile", file(report)));
        // Which maximum clips depends on the storage; ours counts at the storage's own and does not name it.
        rows.add(List.of("clipval" + suffix, ""));
        rows.add(List.of("clipcount" + suffix, text(number(report, "clip_count"))));
        rows.add(List.of("tsnr" + suffix, text(number(report, "sfnr"))));
        rows.add(List.of("gmean" + suffix, text(run.mean())));
        rows.add(List.of("drift" + suffix, text(run.drift())));
        rows.add(List.of("driftpercent", text(run.driftPercent())));
        double[] outliers = run.outliers();
        List<String> list = new ArrayList<>(List.of("outlist" + suffix));
        if (outliers == null) {
            Stream.of("outmax", "outmean", "outcount").forEach(name -> rows.add(List.of(name + suffix, "")));
            list.add("");
        } else {
            long many = Arrays.stream(outliers).filter(n -> n > BAD_OUTLIERS).count();
            rows.add(List.of(
                    "outmax" + suffix, text(Arrays.stream(outliers).max().orElse(0))));
            rows.add(List.of(
                    "outmean" + suffix, text(Arrays.stream(outliers).average().orElse(0))));
            rows.add(List.of("outcount" + suffix, text(many)));
            Arrays.stream(outliers).forEach(n -> list.add(text(n)));
        }
        rows.add(list);
        rows.add(List.of("meanABSrms", text(run.meanAbsolute())));
        rows.add(List.of("meanRELrms", text(run.meanRelative())));
        rows.add(List.of("maxABSrms", text(run.maxAbsolute())));
        rows.add(List.of("maxRELrms", text(run.maxRelative())));
        return rows;
    }

    private static LegacyFile table(Report report, String ending, List<Column> columns, DoubleFunction<String> format) {
        return new LegacyFile(
                ending,
                ',',
                columns.stream().map(Column::name).toList(),
                List.of(columns.stream()
                        .map(c -> format.apply(c.number().applyAsDouble(report)))
                        .toList()));
    }

    private static LegacyFile plain(String ending, List<String> cells) {
        return new LegacyFile(ending, ',', List.of(), List.of(cells));
    }

    /** One row per frequency; none where the TR is unknown. */
    private static List<List<String>> spectrum(@Nullable TemporalSpectrum spectrum) {
        return spectrum == null
                ? List.of()
                : IntStream.range(0, spectrum.hz().length)
                        .mapToObj(
                                f -> List.of(text(spectrum.hz()[f]), text(spectrum.mean()[f]), text(spectrum.sd()[f])))
                        .toList();
    }

    /** One row per step from volume t to t + 1. */
    private static List<List<String>> steps(@Nullable TimeCourse fd) {
        if (fd == null) {
            return List.of();
        }
        double[] values = fd.values();
        return IntStream.range(1, values.length)
                .mapToObj(t -> List.of(String.valueOf(t - 1), text(values[t])))
                .toList();
    }

    private static String file(Report report) {
        return report.input() == null ? report.series() : report.input().file();
    }

    /** A fraction of the steps, in spite of its old name. */
    private static double badShare(Report report) {
        double volumes = number(report, "n_volumes");
        return volumes < 2 ? Double.NaN : number(report, "fd_power_num") / (volumes - 1);
    }

    /** The old program took twice the noise of one image. */
    private static double oldSnr(Report report, String key) {
        return 0.5 * number(report, key);
    }

    /** From millimetres to voxels along phase encoding; NaN when that axis is unknown. */
    private static double voxels(Report report, String key) {
        InputFacts input = report.input();
        String phase = input == null ? null : input.phaseAxis();
        if (input == null || phase == null || phase.isEmpty()) {
            return Double.NaN;
        }
        int axis = "ijk".indexOf(phase.charAt(0));
        return axis < 0
                ? Double.NaN
                : number(report, key) * (1 / input.spacingMm().get(axis));
    }

    /** A metric's value; NaN where it has none. */
    private static double number(Report report, String key) {
        Double value = report.value(key);
        return value == null ? Double.NaN : value;
    }

    /** As short as possible; empty for a number that is not there. */
    private static String text(double value) {
        if (!Double.isFinite(value)) {
            return "";
        }
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
        return whole
                ? String.valueOf(Math.round(value))
                : Double.toString(value).replace('E', 'e');
    }

    /** Three decimals, nine wide, filled with zeros: the fBIRN program's way. */
    private static String padded(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%09.3f", value) : "";
    }
}
