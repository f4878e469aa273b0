package org.datman.local.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.datman.contracts.event.EventJson;
import org.datman.local.InstallationFolder;
import org.datman.local.InstallationSettings;
import org.datman.local.OrthancEnvironment;
import org.datman.local.process.RunState;
import org.datman.local.provenance.ArchiveCheck;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code datman verify}: whether all files of an archive are as they were published. */
@Command(
        name = "verify",
        description = {
            "Reads every published file of the archive and the results of quality control, and compares their SHA-256 with the"
                    + " published ones. With --reproduce, makes the images of some scans from XNAT once more and compares"
                    + " them instead. Nothing is written into the archive.",
            "Exit code 0: all are as published; 1: some are not; 2: the archive or XNAT cannot be read."
        },
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {

    private static final Duration PRINT_EVERY = Duration.ofSeconds(10);

    /** Of an interrupted check, in the folder of the installation. */
    static final String PROGRESS = "verify-progress.json";

    private static final String MAIN = "org.datman.export.reproduce.ReproduceMain";

    @ParentCommand
    private DatmanCommand datman;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ArchiveOption archive = new ArchiveOption();

    @Option(names = "--study", paramLabel = "CODE", description = "Only the files of this study.", defaultValue = "")
    private String study;

    @Option(
            names = "--reproduce",
            paramLabel = "N",
            description =
                    "Make the images of N scans, chosen by chance, from XNAT once more, with the installed converter.",
            defaultValue = "0")
    private int reproduce;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "With --reproduce: the same seed chooses the same scans (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private long seed;

    @Option(
            names = "--mib-per-second",
            paramLabel = "N",
            description = "Reads no more than that, so that the disks stay free for work (default: as fast as it can).",
            defaultValue = "0")
    private double mibPerSecond;

    @Option(
            names = "--resume",
            description = "Notes every ten seconds how far it is, and continues there when it was interrupted.")
    private boolean resume;

    /**
     * A check under way.
     *
     * @param archive its folder
     */
    record Run(String archive, String study, ArchiveCheck.Position position) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Path folder = archive.of(".", datman).toAbsolutePath().normalize();
        if (reproduce > 0) {
            if (!study.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "--study and --reproduce do not go together");
            }
            return reproduce(folder, out);
        }
        ArchiveCheck.Result result = check(folder, out);
        out.printf(
                "%d file(s), %d MiB read in %s: %d not as published%n",
                result.files(), result.bytes() >> 20, folder, result.different());
        out.flush();
        return result.different() == 0 ? 0 : 1;
    }

    private ArchiveCheck.Result check(Path folder, PrintWriter out) throws IOException {
        @Nullable Path file = resume ? datman.home().folder().resolve(PROGRESS) : null;
        Run begin = new Run(folder.toString(), study, ArchiveCheck.Position.BEGINNING);
        Optional<Run> before = file != null && Files.exists(file)
                ? Optional.of(EventJson.mapper().readValue(file.toFile(), Run.class))
                        .filter(run -> run.archive().equals(begin.archive())
                                && run.study().equals(study))
                : Optional.empty();
        before.ifPresent(run -> out.printf(
                "continues after %d file(s), of which %d were not as published%n",
                run.position().files(), run.position().different()));
        PrintWriter err = spec.commandLine().getErr();
        long[] printed = {System.nanoTime()};
        ArchiveCheck.Result result = ArchiveCheck.of(
                folder,
                study,
                before.orElse(begin).position(),
                difference -> {
                    out.println(difference);
                    out.flush();
                },
                this::pause,
                (position, done, of) -> {
                    if (System.nanoTime() - printed[0] > PRINT_EVERY.toNanos()) {
                        printed[0] = System.nanoTime();
                        err.printf("%d of %d, %d MiB read%n", done, of, position.bytes() >> 20);
                        err.flush();
                        if (file != null) {
                            note(file, new Run(folder.toString(), study, position));
                        }
                    }
                });
        if (file != null) {
            Files.deleteIfExists(file);
        }
        return result;
    }

    private static void note(Path file, Run run) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Path part = file.resolveSibling(PROGRESS + ".part");
        EventJson.mapper().writeValue(part.toFile(), run);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void pause(long bytes) {
        if (mibPerSecond > 0) {
            try {
                TimeUnit.MILLISECONDS.sleep((long) (bytes / (mibPerSecond * (1 << 20)) * 1000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UncheckedIOException(new InterruptedIOException("The check was interrupted"));
            }
        }
    }

    /** Export's own code makes them, in a process of its own: no service is on the class path here. */
    private int reproduce(Path folder, PrintWriter out) throws IOException, InterruptedException {
        Path results = Files.createTempFile("datman-reproduced-", ".jsonl");
        try {
            Path application =
                    Objects.requireNonNull(datman.home().serviceJar("export").getParent());
            if (!Files.isDirectory(application)) {
                throw new IOException(
                        "The export service is not built (" + application + "): './datman build' builds it");
            }
            List<String> classes = new ArrayList<>();
            for (String jars : List.of("app", "lib/boot", "lib/main", "quarkus")) {
                classes.add(application.resolve(jars) + "/*");
            }
            ProcessBuilder process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                            "-cp",
                            String.join(":", classes),
                            MAIN,
                            Integer.toString(reproduce),
                            Long.toString(seed),
                            results.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT);
            process.environment().putAll(environment(folder));
            int code = process.start().waitFor();
            Map<String, Integer> outcomes = print(Files.readAllLines(results), out);
            out.printf("%s (seed %d)%n", outcomes.isEmpty() ? "no scan was made" : outcomes, seed);
            out.flush();
            if (code != 0) {
                throw new IOException("It ended early with code " + code + "; its error is above");
            }
            return outcomes.keySet().equals(Set.of("EQUAL")) ? 0 : 1;
        } finally {
            Files.delete(results);
        }
    }

    private static Map<String, Integer> print(List<String> lines, PrintWriter out) throws IOException {
        Map<String, Integer> outcomes = new TreeMap<>();
        for (String line : lines) {
            JsonNode result = EventJson.mapper().readTree(line);
            String outcome = result.path("outcome").asText();
            outcomes.merge(outcome, 1, Integer::sum);
            out.printf(
                    "%-16s %s: %s%n",
                    outcome,
                    result.path("subject").asText(),
                    result.path("text").asText());
        }
        return outcomes;
    }

    /** The account and the XNAT of this installation. */
    private Map<String, String> environment(Path folder) throws IOException {
        InstallationFolder home = datman.home();
        Map<String, String> environment = new TreeMap<>(datman.environment());
        environment.put("DATMAN_ARCHIVE", folder.toString());
        InstallationSettings settings = InstallationSettings.read(home.settings());
        Optional<String> orthanc = settings.get(InstallationSettings.ORTHANC);
        Optional<String> configured = orthanc.or(() -> settings.get(InstallationSettings.XNAT));
        if (orthanc.isPresent()) {
            environment.putAll(OrthancEnvironment.of(datman.environment()));
        }
        Optional<String> running = RunState.running(home.runState()).map(RunState::xnatUrl);
        if (!environment.containsKey("DATMAN_XNAT_URL")) {
            environment.put(
                    "DATMAN_XNAT_URL",
                    running.or(() -> configured)
                            .orElseThrow(
                                    () -> new IOException("Which XNAT is not known: './datman up --xnat URL' keeps it,"
                                            + " or set DATMAN_XNAT_URL")));
        }
        boolean simulated = configured.isEmpty()
                && running.filter(url -> url.equals(environment.get("DATMAN_XNAT_URL")))
                        .isPresent();
        if (simulated && !environment.containsKey("DATMAN_XNAT_USER")) {
            environment.put("DATMAN_XNAT_USER", "datman");
            environment.put(
                    "DATMAN_XNAT_PASSWORD_FILE",
                    home.secret("simulator-password").toString());
        }
        if (environment.getOrDefault("DATMAN_XNAT_USER", "").isEmpty()) {
            throw new IOException("The account on XNAT is missing: set DATMAN_XNAT_USER and DATMAN_XNAT_PASSWORD (or"
                    + " DATMAN_XNAT_PASSWORD_FILE; for an Orthanc DATMAN_ORTHANC_USER and so on)");
        }
        return environment;
    }
}
