package org.datman.contracts.study;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * All studies of a configuration folder: those whose files are valid, and the faults of the others. A faulty file affects
 * no other study.
 *
 * @param valid studies by code
 * @param errors all faults, in the order of files and lines
 * @param revision of the whole: changes whenever a valid study does
 */
public record StudyConfigurations(
        Map<String, StudyConfiguration> valid, List<ConfigurationError> errors, String revision) {

    public StudyConfigurations {
        valid = Map.copyOf(valid);
        errors = List.copyOf(errors);
    }

    /** Studies that are each valid; of two that claim the same, one stays and the other is an error. */
    public static StudyConfigurations of(Collection<StudyConfiguration> studies) {
        List<ConfigurationError> errors = new ArrayList<>();
        List<StudyConfiguration> inOrder =
                studies.stream().sorted((a, b) -> a.code().compareTo(b.code())).toList();
        return of(withoutConflicts(inOrder, errors), errors);
    }

    static StudyConfigurations of(Collection<StudyConfiguration> studies, List<ConfigurationError> errors) {
        Map<String, StudyConfiguration> byCode = new TreeMap<>();
        studies.forEach(study -> byCode.put(study.code(), study));
        StringBuilder content = new StringBuilder();
        byCode.forEach((code, study) ->
                content.append(code).append(' ').append(study.revision()).append('\n'));
        return new StudyConfigurations(
                byCode, errors, Digest.of(content.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Reads all {@code .yml} and {@code .yaml} files of a folder, not its sub-folders. An unreadable folder or file is an
     * error among the others, never an exception.
     */
    public static StudyConfigurations load(Path folder) {
        return FolderContent.of(folder).configurations();
    }

    /** The content of a folder's files, each by itself, in order of their names. */
    record FolderContent(List<StudyConfiguration> read, List<ConfigurationError> errors) {

        static FolderContent of(Path folder) {
            List<ConfigurationError> errors = new ArrayList<>();
            List<StudyConfiguration> read = new ArrayList<>();
            for (Path file : files(folder, errors)) {
                StudyConfigurations.read(file, errors).ifPresent(read::add);
            }
            return new FolderContent(read, errors);
        }

        /** The studies of the folder by itself: of two that claim the same, the first stays. */
        StudyConfigurations configurations() {
            List<ConfigurationError> all = new ArrayList<>(errors);
            return StudyConfigurations.of(withoutConflicts(read, all), all);
        }
    }

    /** Reads one study file alone. A file that cannot be read is an error, never an exception. */
    public static StudyConfigurations loadFile(Path file) {
        List<ConfigurationError> errors = new ArrayList<>();
        return of(read(file, errors).stream().toList(), errors);
    }

    /**
     * Reads one study alone.
     *
     * @param file name of its file, for its faults
     */
    public static StudyConfigurations ofText(String file, byte[] text) {
        StudyReader.Outcome outcome = StudyReader.read(file, text);
        return of(outcome.findStudy().stream().toList(), new ArrayList<>(outcome.errors()));
    }

    private static Optional<StudyConfiguration> read(Path file, List<ConfigurationError> errors) {
        String name = file.getFileName().toString();
        try {
            StudyReader.Outcome outcome = StudyReader.read(name, Files.readAllBytes(file));
            errors.addAll(outcome.errors());
            return outcome.findStudy();
        } catch (IOException e) {
            errors.add(new ConfigurationError(name, 0, 0, "", "cannot be read: " + e, "a readable file"));
            return Optional.empty();
        }
    }

    private static List<Path> files(Path folder, List<ConfigurationError> errors) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(StudyConfigurations::isStudyFile).sorted().toList();
        } catch (IOException e) {
            errors.add(new ConfigurationError(
                    folder.toString(),
                    0,
                    0,
                    "",
                    "the folder cannot be read: " + e,
                    "a folder with one YAML file per study"));
            return List.of();
        }
    }

    private static boolean isStudyFile(Path path) {
        String name = path.getFileName().toString();
        return !name.startsWith(".") && (name.endsWith(".yml") || name.endsWith(".yaml")) && Files.isRegularFile(path);
    }

    /** The studies that claim no study code, XNAT project or code of a site that an earlier one of the list claims. */
    public static List<StudyConfiguration> withoutConflicts(List<StudyConfiguration> studies) {
        return withoutConflicts(studies, new ArrayList<>());
    }

    /** The studies that claim nothing that an earlier one claims; of two that do, the first stays and the second is an error. */
    static List<StudyConfiguration> withoutConflicts(
            List<StudyConfiguration> studies, List<ConfigurationError> errors) {
        Map<String, StudyConfiguration> owners = new HashMap<>();
        List<StudyConfiguration> good = new ArrayList<>();
        for (StudyConfiguration study : studies) {
            Set<String> claims = claims(study);
            List<ConfigurationError> conflicts = new ArrayList<>();
            for (String claim : claims) {
                StudyConfiguration owner = owners.get(claim);
                if (owner != null) {
                    conflicts.add(new ConfigurationError(
                            study.file(),
                            0,
                            0,
                            "",
                            claim + " belongs to " + owner.file() + " already",
                            "each study code, XNAT project, and study code of a site in one file only"));
                }
            }
            errors.addAll(conflicts);
            if (conflicts.isEmpty()) {
                claims.forEach(claim -> owners.put(claim, study));
                good.add(study);
            }
        }
        return good;
    }

    private static Set<String> claims(StudyConfiguration study) {
        Set<String> claims = new TreeSet<>();
        claims.add("study code " + study.code());
        study.xnatProjects().forEach(project -> claims.add("XNAT project " + project));
        study.sites().values().forEach(site -> site.studyCodes().forEach(code -> claims.add(code + "_" + site.code())));
        return claims;
    }

    /** The study that a project's sessions belong to. */
    public Optional<StudyConfiguration> byProject(String xnatProject) {
        for (StudyConfiguration study : valid.values()) {
            for (SiteConfiguration site : study.sites().values()) {
                if (site.xnatProjects().contains(xnatProject)) {
                    return Optional.of(study);
                }
            }
        }
        return Optional.empty();
    }

    public Optional<StudyConfiguration> study(String code) {
        return Optional.ofNullable(valid.get(code));
    }

    /** All XNAT projects of all valid studies. */
    public Set<String> xnatProjects() {
        Set<String> projects = new HashSet<>();
        valid.values().forEach(study -> projects.addAll(study.xnatProjects()));
        return projects;
    }
}
