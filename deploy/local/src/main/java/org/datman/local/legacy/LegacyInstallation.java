package org.datman.local.legacy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.datman.local.legacy.ImportNote.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of an old installation.
 *
 * @param notes studies that cannot be read
 */
record LegacyInstallation(LegacyYaml main, List<LegacyStudy> studies, List<ImportNote> notes) {

    private static final int DEEPEST = 4;

    /**
     * @param given the main file, or a folder with it and the study files
     * @param system an entry of SystemSettings; null when there is only one, or none is needed
     * @param projects the folder of the study folders, where it is not that of the system on this machine
     */
    static LegacyInstallation read(Path given, @Nullable String system, @Nullable Path projects) throws IOException {
        if (!Files.exists(given)) {
            throw new IOException(given + " does not exist; give the main configuration file of the old DATMAN"
                    + " (DM_CONFIG), or the folder that it is in");
        }
        LegacyYaml main = Files.isDirectory(given) ? mainFile(given) : LegacyYaml.read(given);
        if (!(main.values().get("Projects") instanceof ObjectNode names) || names.isEmpty()) {
            throw new IOException(main.path() + " has no Projects; give the main configuration file of the old DATMAN");
        }
        ObjectNode chosen = system(main, system);
        Path folder = Files.isDirectory(given) ? given : parent(given);
        List<LegacyStudy> studies = new ArrayList<>();
        List<ImportNote> notes = new ArrayList<>();
        for (Map.Entry<String, JsonNode> name : names.properties()) {
            try {
                LegacyYaml file =
                        LegacyYaml.read(studyFile(name.getValue().asText(), chosen, folder, parent(main.path())));
                studies.add(new LegacyStudy(name.getKey(), file, main, chosen, metadata(file, main, chosen, projects)));
            } catch (IOException e) {
                notes.add(new ImportNote(
                        Outcome.LEFT,
                        main.place("Projects", name.getKey()),
                        "Projects." + name.getKey(),
                        "the study cannot be read: " + e.getMessage(),
                        "mend or remove it, then repeat the import"));
            }
        }
        return new LegacyInstallation(main, studies, notes);
    }

    private static LegacyYaml mainFile(Path folder) throws IOException {
        List<LegacyYaml> found = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (Path file : yamlFiles(folder)) {
            try {
                LegacyYaml read = LegacyYaml.read(file);
                if (read.values().get("Projects") instanceof ObjectNode) {
                    found.add(read);
                }
            } catch (IOException e) {
                // A study file is read later, and then its fault is reported; the main file must not be missed.
                faults.add(String.valueOf(e.getMessage()));
            }
        }
        if (found.size() != 1) {
            throw new IOException(folder + " has " + found.size() + " YAML files with the key Projects"
                    + (found.isEmpty()
                            ? ""
                            : " " + found.stream().map(f -> f.path().toString()).toList())
                    + (faults.isEmpty() ? "" : " and faulty ones: " + String.join("; ", faults))
                    + "; give the main configuration file of the old DATMAN itself");
        }
        return found.get(0);
    }

    private static List<Path> yamlFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder, DEEPEST)) {
            return files.filter(file ->
                            file.toString().endsWith(".yml") || file.toString().endsWith(".yaml"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    private static ObjectNode system(LegacyYaml main, @Nullable String name) throws IOException {
        JsonNode systems = main.values().path("SystemSettings");
        if (name != null) {
            if (systems.get(name) instanceof ObjectNode chosen) {
                return chosen;
            }
            throw new IOException(main.path() + " has no SystemSettings." + name + "; it has " + names(systems));
        }
        if (systems.size() > 1) {
            throw new IOException(
                    main.path() + " has several SystemSettings; choose one with --system: " + names(systems));
        }
        return systems.size() == 1 && systems.elements().next() instanceof ObjectNode only
                ? only
                : main.values().objectNode();
    }

    private static List<String> names(JsonNode object) {
        TreeSet<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return List.copyOf(names);
    }

    /** ConfigDir of the system, where it is on this machine; else the file of that name below the given folder. */
    private static Path studyFile(String name, ObjectNode system, Path folder, Path besideMain) throws IOException {
        for (Path place : List.of(Path.of(system.path("ConfigDir").asText("")), besideMain, folder)) {
            if (Files.isRegularFile(place.resolve(name))) {
                return place.resolve(name);
            }
        }
        Path last = Path.of(name).getFileName();
        return yamlFiles(folder).stream()
                .filter(file -> file.getFileName().equals(last))
                .findFirst()
                .orElseThrow(() -> new IOException(name + " is neither in ConfigDir nor in " + folder));
    }

    private static @Nullable Path metadata(
            LegacyYaml study, LegacyYaml main, ObjectNode system, @Nullable Path projects) {
        Path root = projects == null ? Path.of(system.path("DatmanProjectsDir").asText("")) : projects;
        String meta = Optional.ofNullable(main.values().path("Paths").get("meta"))
                .map(JsonNode::asText)
                .orElse("metadata/");
        Path folder = root.resolve(study.values().path("ProjectDir").asText("")).resolve(meta);
        return Files.isDirectory(folder) ? folder : null;
    }

    private static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }
}
