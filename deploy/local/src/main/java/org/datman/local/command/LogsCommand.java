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

    private static final String ENDING = ".log";

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
        List<Path> all;
        try (Stream<Path> files = Files.list(folder)) {
            all = files.filter(file -> file.toString().endsWith(ENDING))
                    .sorted()
                    .toList();
        }
        List<Path> logs = all.stream()
                .filter(file -> service == null || name(file).equals(service))
                .toList();
        if (logs.isEmpty()) {
            throw new IOException("There is no log"
                    + (service == null
                            ? ""
                            : " of '" + service + "' (there is "
                                    + String.join(
                                            ", ",
                                            all.stream().map(LogsCommand::name).toList()) + ")")
                    + " in " + folder);
        }
        for (Path log : logs) {
            // Tools may write any bytes: one that is no UTF-8 must not hide the rest.
            List<String> text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            out.println("==> " + log);
            text.subList(Math.max(0, text.size() - Math.max(0, lines)), text.size())
                    .forEach(out::println);
        }
        return 0;
    }

    private static String name(Path log) {
        String name = log.getFileName().toString();
        return name.substring(0, name.length() - ENDING.length());
    }
}
