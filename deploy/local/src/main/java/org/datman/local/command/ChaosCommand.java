package org.datman.local.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.datman.local.InstallationFolder;
import org.datman.local.chaos.ChaosReport;
import org.datman.local.chaos.ChaosRun;
import org.datman.local.chaos.Confinement;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "chaos",
        description =
                "Lets sessions arrive at a fresh system while faults strike, and proves that nothing was lost, doubled or changed.",
        mixinStandardHelpOptions = true)
final class ChaosCommand implements Callable<Integer> {

    @ParentCommand
    private DatmanCommand datman;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--seed",
            split = ",",
            defaultValue = "1",
            description =
                    "Which faults strike when; several, with commas, run one after the other on one system (default: ${DEFAULT-VALUE}).")
    private List<Long> seeds;

    @Option(
            names = "--minutes",
            defaultValue = "5",
            description = "How long faults strike, for each seed; fractions are allowed (default: ${DEFAULT-VALUE}).")
    private double minutes;

    @Option(
            names = "--sessions",
            defaultValue = "50",
            description = "How many sessions arrive meanwhile, for each seed (default: ${DEFAULT-VALUE}).")
    private int sessions;

    @Option(names = "--report", description = "Where the report is written (JSON).")
    private @Nullable Path report;

    @Option(names = "--inside", hidden = true)
    private boolean inside;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (!inside) {
            Optional<List<String>> enclosed = Confinement.enclosing(again());
            if (enclosed.isPresent()) {
                return run(enclosed.get(), out);
            }
            out.println(
                    "No namespaces of its own can be made (root may): faults of the network and of the archive are left out");
        }
        InstallationFolder home = datman.home(datman.home().folder().resolveSibling("chaos"));
        new Daemon(home, out).stop();
        ChaosReport result =
                new ChaosRun(home, inside, out).run(seeds, Duration.ofMillis(Math.round(minutes * 60_000)), sessions);
        if (report != null) {
            result.write(report);
            out.println("Report: " + report);
        }
        out.println(result.good() ? "All properties hold" : "PROPERTIES ARE VIOLATED; the logs are in " + home.logs());
        out.flush();
        return result.good() ? 0 : 1;
    }

    /** This command in another process. */
    private List<String> again() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                DatmanCommand.class.getName(),
                "chaos",
                "--inside",
                "--home",
                datman.home().folder().toString(),
                "--checkout",
                datman.checkout().toString(),
                "--seed",
                seeds.stream().map(String::valueOf).collect(Collectors.joining(",")),
                "--minutes",
                Double.toString(minutes),
                "--sessions",
                Integer.toString(sessions)));
        if (report != null) {
            command.addAll(List.of("--report", report.toAbsolutePath().toString()));
        }
        return command;
    }

    private static int run(List<String> command, PrintWriter out) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.println(line);
                out.flush();
            }
        }
        return process.waitFor();
    }
}
