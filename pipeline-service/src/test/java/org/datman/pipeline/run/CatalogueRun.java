package org.datman.pipeline.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.datman.contracts.event.ToolMeasure;
import org.datman.pipeline.boutiques.CommandLine;
import org.datman.pipeline.boutiques.Descriptor;
import org.datman.pipeline.boutiques.DescriptorException;
import org.datman.pipeline.boutiques.DescriptorReader;
import org.datman.pipeline.boutiques.InputValues;
import org.datman.pipeline.boutiques.OutputPaths;
import org.datman.pipeline.runner.JobRunner;
import org.datman.pipeline.runner.LocalRunner;

/**
 * One run of a tool of the catalogue as the service makes it: the files of the tool in {@code tool/}, the inputs in {@code inputs/}, the command
 * line of the descriptor. Programs that the tool calls may be stand-ins, from {@code src/test/resources/stand-ins}; each adds its arguments to a list.
 */
public final class CatalogueRun {

    /** The folders of the tools. */
    public static final Path CATALOGUE = Path.of(System.getProperty("datman.root"), "pipelines/catalogue");

    /** Files that several tools have. */
    public static final Path SHARED = CATALOGUE.resolveSibling("shared");

    private static final Path STAND_INS =
            Path.of("src/test/resources/stand-ins").toAbsolutePath();
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Path folder;
    private final String tool;
    private final Descriptor descriptor;
    private final Map<String, List<String>> files = new LinkedHashMap<>();
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> places = new LinkedHashMap<>();

    /** @param folder of the test; the run has a folder in it */
    public CatalogueRun(Path folder, String tool) throws IOException, DescriptorException {
        this.folder = Files.createDirectories(folder.toAbsolutePath().resolve("run"));
        places.put(this.folder.toString(), "RUN");
        this.tool = tool;
        this.descriptor = DescriptorReader.read(
                tool, Files.readAllBytes(CATALOGUE.resolve(tool).resolve(tool + ".json")));
        environment.put(
                "STAND_IN_CALLS", this.folder.resolveSibling("calls.txt").toString());
    }

    /**
     * How it ended.
     *
     * @param errors what it wrote to standard error
     * @param calls command lines of stand-ins in their order, the folder of the run as {@code RUN}
     * @param missing declared outputs that are not there
     * @param measures numbers of its tables by measure, region and unit
     */
    public record Ended(
            int exitCode,
            String errors,
            List<String> calls,
            List<String> missing,
            Map<String, Double> measures,
            Path folder) {}

    /** The descriptor of the tool. */
    public Descriptor descriptor() {
        return descriptor;
    }

    /** The folder in which the tool runs. */
    public Path folder() {
        return folder;
    }

    /** A file for an input; several of one input are a list. */
    public CatalogueRun file(String input, String name, byte[] content) throws IOException {
        Path file = folder.resolve("inputs").resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        return given(input, name);
    }

    /** A text file for an input. */
    public CatalogueRun file(String input, String name, String content) throws IOException {
        return file(input, name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** A file of a folder for an input, which is given by {@link #given}. */
    public CatalogueRun fileIn(String name, String content) throws IOException {
        Path file = folder.resolve("inputs").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return this;
    }

    /** A path below {@code inputs} that is there, a file or a folder, as the value of an input. */
    public CatalogueRun given(String input, String name) {
        files.computeIfAbsent(input, id -> new ArrayList<>()).add("inputs/" + name);
        return this;
    }

    /** A value of an input that is no file. */
    public CatalogueRun parameter(String input, String value) {
        parameters.put(input, value);
        return this;
    }

    /** A variable of the machine. */
    public CatalogueRun environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** A variable of the machine that is a path, shown in calls by a name. */
    public CatalogueRun at(String shown, String variable, Path path) {
        places.put(path.toAbsolutePath().toString(), shown);
        return environment(variable, path.toAbsolutePath().toString());
    }

    /** A stand-in by itself. */
    public static Path standIn(String name, String program) {
        return STAND_INS.resolve(name).resolve(program).normalize();
    }

    /** Programs of a folder of stand-ins come before those of the machine. */
    public CatalogueRun standIns(String name) {
        return programs(STAND_INS.resolve(name));
    }

    /** Programs of a folder come before those of the machine. */
    public CatalogueRun programs(Path programs) {
        return environment("PATH", programs + ":" + environment.getOrDefault("PATH", System.getenv("PATH")));
    }

    /** A Python package as it tells its version, and nothing else of it. */
    public CatalogueRun pythonPackage(String name, String version) throws IOException {
        Path packages = folder.resolveSibling("python-packages");
        Path about = Files.createDirectories(packages.resolve(name + "-" + version + ".dist-info"));
        Files.writeString(
                about.resolve("METADATA"), "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n");
        return environment("PYTHONPATH", packages.toString());
    }

    /** The command line, without a run. */
    public List<String> command() throws DescriptorException {
        return CommandLine.of(descriptor, values(), folder);
    }

    /** Runs the tool to its end. */
    public Ended run() throws Exception {
        for (String file : descriptor.toolFiles()) {
            Files.createDirectories(folder.resolve("tool"));
            Path own = CATALOGUE.resolve(tool).resolve(file);
            Files.copy(
                    Files.exists(own) ? own : SHARED.resolve(file),
                    folder.resolve("tool").resolve(file));
        }
        Map<String, String> paths = OutputPaths.of(descriptor, values());
        for (String path : paths.values()) {
            Path parent = folder.resolve(path).getParent();
            if (!OutputPaths.isPattern(parent.toString())) {
                Files.createDirectories(parent);
            }
        }
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(CommandLine.environment(descriptor, values()));
        Path errors = folder.resolveSibling("stderr.txt");
        JobRunner.Running running = new LocalRunner(List.of("PATH"))
                .start(new JobRunner.Command(
                        tool,
                        folder,
                        onPath(command()),
                        all,
                        descriptor.resources(),
                        LONGEST,
                        folder.resolveSibling("stdout.txt"),
                        errors));
        JobRunner.Ended ended = running.await(LONGEST).orElseThrow();
        Map<String, Double> measures = new TreeMap<>();
        List<String> missing = new ArrayList<>();
        for (Descriptor.OutputFile output : descriptor.outputs()) {
            Optional<String> path = Optional.ofNullable(paths.get(output.id()));
            List<Path> found = path.isEmpty() ? List.of() : found(path.get());
            if (found.isEmpty() && !output.optional()) {
                missing.add(output.id());
            }
            if (descriptor.measures().contains(output.id()) && ended.exitCode() == 0) {
                for (ToolMeasure m : MeasuresTable.read(found)) {
                    measures.put(m.measure() + " " + m.region() + " " + m.unit(), m.value());
                }
            }
        }
        return new Ended(ended.exitCode(), Files.readString(errors), calls(), missing, measures, folder);
    }

    /** The program by its path: Java looks for it on the PATH of this process. */
    private List<String> onPath(List<String> command) {
        List<String> words = new ArrayList<>(command);
        for (String programs :
                environment.getOrDefault("PATH", System.getenv("PATH")).split(":")) {
            Path program = Path.of(programs).resolve(command.get(0));
            if (Files.isExecutable(program)) {
                words.set(0, program.toString());
                break;
            }
        }
        return words;
    }

    private InputValues values() throws DescriptorException {
        return InputValues.of(descriptor, parameters, files);
    }

    private List<String> calls() throws IOException {
        Path list = folder.resolveSibling("calls.txt");
        if (Files.notExists(list)) {
            return List.of();
        }
        List<String> calls = new ArrayList<>();
        for (String line : Files.readAllLines(list)) {
            String call = line;
            for (Map.Entry<String, String> place : places.entrySet()) {
                call = call.replace(place.getKey(), place.getValue());
            }
            calls.add(call);
        }
        return calls;
    }

    private List<Path> found(String path) throws IOException {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + path);
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> matcher.matches(folder.relativize(file)))
                    .filter(file -> Files.isDirectory(file)
                            ? !isEmpty(file)
                            : file.toFile().length() > 0)
                    .sorted()
                    .toList();
        }
    }

    private static boolean isEmpty(Path directory) {
        String[] entries = directory.toFile().list();
        return entries == null || entries.length == 0;
    }
}
