package org.datman.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.Measured;
import org.datman.metrics.Measurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.metrics.input.References;
import org.datman.metrics.model.MeasureException;
import org.datman.metrics.reference.ImageReference;
import org.datman.metrics.verdict.QcConfig;
import org.datman.plots.picture.Picture;
import org.datman.plots.report.HtmlReport;
import org.datman.plots.report.Report;
import org.datman.plots.report.ReportJson;
import org.datman.plots.report.Verdict;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures one NIfTI file and writes metrics.json, pictures and a report page into a folder. */
@Command(
        name = "qc",
        mixinStandardHelpOptions = true,
        description = "Measures one NIfTI file; writes metrics.json, pictures and report.html.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured (whatever the verdict)",
            "1:could not be measured; reason in metrics.json, verdict ERROR",
            "2:wrong arguments, or the folder cannot be written"
        })
public final class QcCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE.nii.gz", description = "The image.")
    private Path file;

    @Option(names = "--json", paramLabel = "F", description = "Sidecar; FILE.json beside the image when it exists.")
    private @Nullable Path json;

    @Option(names = "--bval", paramLabel = "F", description = "b-values; FILE.bval beside the image when it exists.")
    private @Nullable Path bval;

    @Option(names = "--bvec", paramLabel = "F", description = "Directions; FILE.bvec beside the image when it exists.")
    private @Nullable Path bvec;

    @Option(names = "--dicom", paramLabel = "F", description = "One DICOM of the series.")
    private @Nullable Path dicom;

    @Option(
            names = "--kind",
            paramLabel = "K",
            description =
                    "anat, bold, dwi, fbirn, adni, dti-phantom, acr or other; guessed from the image when left out.")
    private @Nullable String kind;

    @Option(names = "--config", paramLabel = "F", description = "Limits and options, YAML or JSON.")
    private @Nullable Path config;

    @Option(names = "--volumes", paramLabel = "N", description = "Volumes the protocol asks for.")
    private @Nullable Integer volumes;

    @Option(
            names = "--before",
            arity = "1..*",
            paramLabel = "DIR",
            description =
                    "Results (--out) of earlier sessions of the same protocol, in order of time: local signal to noise and slices are compared.")
    private List<Path> before = List.of();

    @Option(
            names = "--gold",
            paramLabel = "DIR",
            description = "Results (--out) of the gold standard; its slices are laid beside this image's.")
    private @Nullable Path gold;

    @Option(names = "--gold-bval", paramLabel = "F", description = "b-values as they should be.")
    private @Nullable Path goldBval;

    @Option(names = "--gold-bvec", paramLabel = "F", description = "Directions as they should be.")
    private @Nullable Path goldBvec;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder for the results; made if missing.")
    private Path out;

    @Option(
            names = {"--legacy-csv", "--old-csv"},
            description = "Writes the CSV files of earlier DATMAN versions, too.")
    private boolean legacyCsv;

    @Option(names = "--times", description = "Prints the time of each stage.")
    private boolean times;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(new CommandLine(new QcCommand()).execute(args));
    }

    @Override
    public Integer call() {
        try {
            for (Path given : new Path[] {file, json, bval, bvec, dicom, config, goldBval, goldBvec}) {
                if (given != null && !Files.isReadable(given)) {
                    return wrong(given + " does not exist or cannot be read");
                }
            }
            List<Path> images = new ArrayList<>();
            before.forEach(folder -> images.add(folder.resolve(ImageReference.FILE_NAME)));
            Path goldLikeness = gold == null ? null : gold.resolve(ImageReference.FILE_NAME);
            for (Path given : images) {
                if (!Files.isReadable(given)) {
                    return wrong(given
                            + " does not exist or cannot be read; --before wants folders that qc wrote with --out");
                }
            }
            if (goldLikeness != null && !Files.isReadable(goldLikeness)) {
                return wrong(goldLikeness
                        + " does not exist or cannot be read; --gold wants a folder that qc wrote with --out");
            }
            References references = new References(goldBval, goldBvec, goldLikeness, images);
            QcConfig limits = QcConfig.read(config);
            Files.createDirectories(out);
            return measure(request(limits, references));
        } catch (MeasureException e) {
            return wrong(e.getMessage());
        } catch (IOException e) {
            return wrong("results cannot be written to " + out + ": " + e);
        }
    }

    private MeasureRequest request(QcConfig limits, References references) throws MeasureException {
        String name = file.getFileName().toString();
        String stem = name.replaceFirst("(?i)\\.nii(\\.gz)?$", "");
        Path sidecar = json != null ? json : beside(stem + ".json");
        Path values = bval != null ? bval : beside(stem + ".bval");
        Path vectors = bvec != null ? bvec : beside(stem + ".bvec");
        QcKind what = kind == null ? KindGuess.of(file, values != null) : kind(kind.toLowerCase(Locale.ROOT));
        return new MeasureRequest(stem, what, file, sidecar, values, vectors, dicom, volumes, limits, references);
    }

    private static QcKind kind(String named) throws MeasureException {
        return QcKind.find(named)
                .filter(Measurement.kinds()::contains)
                .orElseThrow(() -> new MeasureException("kind " + named + " cannot be measured; kinds are "
                        + Measurement.kinds().stream().map(QcKind::key).sorted().collect(Collectors.joining(", "))));
    }

    private @Nullable Path beside(String name) {
        Path candidate = file.resolveSibling(name);
        return Files.isReadable(candidate) ? candidate : null;
    }

    private int measure(MeasureRequest request) throws IOException {
        try {
            Measured measured = Measurement.measure(request);
            for (Picture picture : measured.pictures()) {
                Files.write(out.resolve(picture.fileName()), picture.bytes());
            }
            write(measured.report(), measured.pictures());
            if (measured.likeness() != null) {
                Files.write(
                        out.resolve(ImageReference.FILE_NAME),
                        measured.likeness().write());
            }
            List<String> csv = legacyCsv ? LegacyCsvCommand.write(measured.report(), out) : List.of();
            print(measured, csv);
            if (measured.refusal() != null) {
                spec.commandLine().getErr().println("qc: " + measured.refusal().getMessage());
                return CommandLine.ExitCode.SOFTWARE;
            }
            return CommandLine.ExitCode.OK;
        } catch (MeasureException e) {
            write(Measurement.failed(request, e), List.of());
            spec.commandLine().getErr().println("qc: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private void write(Report report, List<Picture> pictures) throws IOException {
        Files.write(out.resolve("metrics.json"), ReportJson.write(report));
        Files.write(out.resolve(HtmlReport.FILE_NAME), HtmlReport.of(report, pictures));
    }

    private void print(Measured measured, List<String> csv) {
        PrintWriter console = spec.commandLine().getOut();
        Verdict verdict = measured.report().verdict();
        console.println(measured.report().series() + " (" + measured.report().kind() + "): " + verdict.level());
        verdict.reasons().forEach(reason -> console.println("  - " + reason));
        console.println("  " + out.resolve(HtmlReport.FILE_NAME) + ", metrics.json and "
                + measured.pictures().size() + " pictures");
        if (legacyCsv) {
            console.println("  " + LegacyCsvCommand.value(measured.report(), csv));
        }
        if (times) {
            measured.stageSeconds().forEach((stage, s) -> console.printf(Locale.ROOT, "  %-14s %7.3f s%n", stage, s));
        }
        console.flush();
    }

    private int wrong(@Nullable String message) {
        spec.commandLine().getErr().println("qc: " + message);
        return CommandLine.ExitCode.USAGE;
    }
}
