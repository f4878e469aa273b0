package org.datman.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.datman.metrics.csv.LegacyCsv;
import org.datman.metrics.csv.LegacyFile;
import org.datman.plots.report.Report;
import org.datman.plots.report.ReportFormatException;
import org.datman.plots.report.ReportJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the CSV files of earlier versions of DATMAN from metrics.json files. */
@Command(
        name = "legacy-csv",
        aliases = "old-csv",
        mixinStandardHelpOptions = true,
        description =
                "Writes the CSV files of earlier DATMAN versions from metrics.json files (docs/old-csv.md describes them).",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all were read and written",
            "1:some could not be read or written; the others were",
            "2:wrong arguments"
        })
public final class LegacyCsvCommand implements Callable<Integer> {

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            description = "metrics.json files, or folders that hold them at any depth.")
    private List<Path> paths;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "One folder for all files; beside each metrics.json when left out.")
    private @Nullable Path out;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(new CommandLine(new LegacyCsvCommand()).execute(args));
    }

    @Override
    public Integer call() {
        PrintWriter errors = spec.commandLine().getErr();
        List<Path> all = new ArrayList<>();
        for (Path path : paths) {
            try {
                all.addAll(reports(path));
            } catch (IOException e) {
                errors.println("legacy-csv: " + path + " does not exist or cannot be read");
                return CommandLine.ExitCode.USAGE;
            }
        }
        int failed = 0;
        for (Path file : all) {
            try {
                Report report = ReportJson.read(Files.readAllBytes(file));
                List<String> names =
                        write(report, out == null ? file.toAbsolutePath().resolveSibling("") : out);
                spec.commandLine().getOut().println(value(report, names));
            } catch (IOException | ReportFormatException e) {
                errors.println("legacy-csv: " + file + ": " + e.getMessage());
                failed++;
            }
        }
        spec.commandLine().getOut().flush();
        return failed == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static List<Path> reports(Path path) throws IOException {
        if (Files.isRegularFile(path)) {
            return List.of(path);
        }
        try (Stream<Path> walk = Files.walk(path)) {
            return walk.filter(p -> p.getFileName().toString().equals("metrics.json"))
                    .sorted()
                    .toList();
        }
    }

    /** Writes a report's files into a folder and returns their names. */
    static List<String> write(Report report, Path folder) throws IOException {
        Files.createDirectories(folder);
        List<String> names = new ArrayList<>();
        for (LegacyFile file : LegacyCsv.of(report)) {
            String name = report.series() + file.ending();
            // The series' name comes from an untrusted file.
            if (name.indexOf('/') >= 0 || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0) {
                throw new IOException("series name " + report.series() + " cannot be a file name");
            }
            Files.writeString(folder.resolve(name), file.text());
            names.add(name);
        }
        return names;
    }

    /** What was written, as text. */
    static String value(Report report, List<String> names) {
        return names.isEmpty()
                ? report.series() + " (" + report.kind() + "): earlier DATMAN versions wrote no CSV for this"
                : report.series() + " (" + report.kind() + "): " + String.join(", ", names);
    }
}
