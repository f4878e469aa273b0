package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "logs", description = "Shows the end of the logs.", mixinStandardHelpOptions = true)
final class LogsCommand implements Callable<Integer> {

    @ParentCommand
    private DatmanCommand datman;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            description = "ingest, tagging, export, qc, pipeline, dashboard, simulator, kafka, postgres or supervisor.")
    private String service;

    @Option(names = "-n", defaultValue = "40", description = "Lines of each log (default: ${DEFAULT-VALUE}).")
    private int lines;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Path folder = datman.home().logs();
        if (!Files.isDirectory(folder)) {
            out.println("There are no logs yet; start DATMAN with: datman demo");
            return 0;
        }
        List<Path> logs;
        try (Stream<Path> files = Files.list(folder)) {
            logs = files.filter(file -> file.toString().endsWith(".log"))
                    .filter(file ->
                            service == null || file.getFileName().toString().equals(service + ".log"))
                    .sorted()
                    .toList();
        }
        if (logs.isEmpty()) {
            throw new IOException("There is no log of '" + service + "' in " + folder);
        }
        for (Path log : logs) {
            List<String> all = Files.readAllLines(log, StandardCharsets.UTF_8);
            out.println("==> " + log);
            all.subList(Math.max(0, all.size() - lines), all.size()).forEach(out::println);
        }
        return 0;
    }
}
