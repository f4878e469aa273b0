package org.datman.local.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.datman.contracts.event.EventJson;

/**
 * The tools that DATMAN brings: a folder each, with a descriptor of the same name. A file that several tools have is once in the shared folder: a copied tool gets
 * those that its descriptor names and its own folder lacks.
 *
 * @param folder {@code pipelines/catalogue} of the checkout
 * @param shared {@code pipelines/shared} of the checkout
 */
public record ToolCatalogue(Path folder, Path shared) {

    private static final String README = "README.md";
    private static final String BEGIN = "```yaml\nPipelines:\n";
    private static final String END = "```";

    /** A tool of the catalogue has its descriptor in a folder of the same name. */
    private static final Pattern DESCRIPTOR = Pattern.compile("Descriptor: ([A-Za-z0-9_-]+)/\\1\\.json");

    /** A tool of the catalogue. */
    public record CatalogueTool(String name, String version, String description) {}

    /** What copying a tool would do: the files that are not there yet, and those that are there and differ. */
    public record Copy(List<Path> missing, List<Path> different) {}

    /** All tools, by name. */
    public List<CatalogueTool> tools() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            List<CatalogueTool> tools = new ArrayList<>();
            for (Path tool : all.filter(Files::isDirectory).sorted().toList()) {
                String name = tool.getFileName().toString();
                if (Files.exists(tool.resolve(name + ".json"))) {
                    JsonNode descriptor = descriptor(name);
                    tools.add(new CatalogueTool(
                            name,
                            descriptor.path("tool-version").asText(),
                            descriptor.path("description").asText()));
                }
            }
            return tools;
        }
    }

    /** Whether there is a tool of that name. */
    public boolean has(String name) throws IOException {
        return tools().stream().anyMatch(tool -> tool.name().equals(name));
    }

    private JsonNode descriptor(String name) throws IOException {
        return EventJson.mapper()
                .readTree(folder.resolve(name).resolve(name + ".json").toFile());
    }

    /** Compares tools with what a configuration folder has of them, file by file. Paths are relative to that folder. */
    public Copy compare(List<String> names, Path configuration) throws IOException {
        List<Path> missing = new ArrayList<>();
        List<Path> different = new ArrayList<>();
        for (String name : names) {
            for (Path file : files(name)) {
                Path path = Path.of(name).resolve(file);
                Path there = configuration.resolve(path);
                if (!Files.exists(there)) {
                    missing.add(path);
                } else if (!Files.isRegularFile(there) || Files.mismatch(source(path), there) >= 0) {
                    different.add(path);
                }
            }
        }
        return new Copy(missing, different);
    }

    /** Copies files of tools into a configuration folder, over those that are there. */
    public void copy(Path configuration, List<Path> files) throws IOException {
        for (Path file : files) {
            Path there = configuration.resolve(file);
            Files.createDirectories(there.getParent());
            // Written beside and moved: a service that reads the folder sees no half of a file.
            Path half = there.resolveSibling("." + there.getFileName() + ".part");
            Files.write(half, Files.readAllBytes(source(file)));
            Files.move(half, there, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private List<Path> files(String name) throws IOException {
        Path tool = folder.resolve(name);
        SortedSet<Path> files = new TreeSet<>();
        try (Stream<Path> all = Files.walk(tool)) {
            all.filter(Files::isRegularFile).map(tool::relativize).forEach(files::add);
        }
        for (JsonNode file : descriptor(name).path("custom").path("datman").path("files")) {
            files.add(Path.of(file.asText()));
        }
        return List.copyOf(files);
    }

    private Path source(Path file) {
        Path own = folder.resolve(file);
        return Files.exists(own) ? own : shared.resolve(file.subpath(1, file.getNameCount()));
    }

    /** The lines of a study file that run it: those of its page, else its required files with a tag to be replaced. */
    public String rule(String name) throws IOException {
        Path page = folder.resolve(name).resolve(README);
        Optional<String> example = Files.exists(page) ? example(Files.readString(page)) : Optional.empty();
        return example.isPresent() ? example.get() : fromInputs(name);
    }

    /** A tool and those whose outputs its rule uses, itself first: what the lines of {@link #rule} need in a configuration folder. */
    public List<String> withSources(String name) throws IOException {
        Set<String> names = new LinkedHashSet<>(List.of(name));
        Matcher descriptor = DESCRIPTOR.matcher(rule(name));
        while (descriptor.find()) {
            if (has(descriptor.group(1))) {
                names.add(descriptor.group(1));
            }
        }
        return List.copyOf(names);
    }

    private static Optional<String> example(String page) {
        int begin = page.indexOf(BEGIN);
        int end = begin < 0 ? -1 : page.indexOf(END, begin + BEGIN.length());
        return end < 0
                ? Optional.empty()
                : Optional.of(
                        page.substring(begin + BEGIN.indexOf('\n') + 1, end).stripTrailing());
    }

    private String fromInputs(String name) throws IOException {
        String inputs = StreamSupport.stream(descriptor(name).path("inputs").spliterator(), false)
                .filter(input -> input.path("type").asText().equals("File")
                        && !input.path("optional").asBoolean(false))
                .map(input -> input.path("id").asText() + ": TAG")
                .collect(Collectors.joining(", "));
        return "Pipelines:\n  " + name + ":\n    Descriptor: " + name + "/" + name + ".json\n    Inputs: {" + inputs
                + "}";
    }
}
