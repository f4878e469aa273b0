package org.datman.local.legacy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.datman.contracts.study.ConfigurationError;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.local.legacy.ImportNote.Outcome;
import org.datman.local.legacy.StudyImport.Translation;
import org.datman.local.yaml.YamlText;
import org.jspecify.annotations.Nullable;

/** Reads an old configuration and writes a folder of study files with a report. */
public final class ConfigurationImport {

    /** The report's file name in the new folder. */
    public static final String REPORT = "import-report.md";

    private ConfigurationImport() {}

    /**
     * What was written.
     *
     * @param files names of the study files
     * @param faults what {@code datman} finds wrong in them
     */
    public record Result(List<String> files, List<ImportNote> notes, List<ConfigurationError> faults) {

        /** How many notes there are of an outcome. */
        public long count(Outcome outcome) {
            return notes.stream().filter(note -> note.outcome() == outcome).count();
        }
    }

    /**
     * Imports into a folder that does not exist or is empty.
     *
     * @param given the main configuration file, or a folder with it
     * @param system an entry of SystemSettings; null for the only one
     * @param projects the folder of the study folders; null for the system's DatmanProjectsDir
     * @throws IOException when the main file cannot be used, or {@code out} is in use
     */
    public static Result run(Path given, @Nullable String system, @Nullable Path projects, Path out)
            throws IOException {
        requireEmpty(out);
        LegacyInstallation installation = LegacyInstallation.read(given, system, projects);
        Files.createDirectories(out);
        List<ImportNote> notes = new ArrayList<>(installation.notes());
        notes.addAll(mainNotes(installation));
        Set<String> names = new HashSet<>();
        List<String> files = new ArrayList<>();
        for (LegacyStudy study : installation.studies()) {
            Translation made = StudyImport.of(study);
            notes.addAll(made.notes());
            String name = unused(made.code(), study.nickname(), names);
            if (study.metadata() == null) {
                notes.add(new ImportNote(
                        Outcome.LEFT,
                        study.file().place("ProjectDir"),
                        "metadata",
                        "the folder is not on this machine: no gold standard, blacklist or checklist was read",
                        "give the folder of the study folders with --projects"));
            } else {
                notes.addAll(MetadataImport.into(study.metadata(), made, name, out));
            }
            files.add(write(out, name, study, made.configuration()));
        }
        Result result = new Result(
                List.copyOf(files),
                notes.stream()
                        .sorted(Comparator.comparing(ImportNote::outcome).reversed())
                        .toList(),
                StudyConfigurations.load(out).errors());
        Files.writeString(out.resolve(REPORT), ImportReport.text(given, result));
        return result;
    }

    private static void requireEmpty(Path out) throws IOException {
        if (Files.exists(out)) {
            try (Stream<Path> entries = Files.list(out)) {
                if (entries.findAny().isPresent()) {
                    throw new IOException(out + " is not empty; give a new folder with --out");
                }
            }
        }
    }

    /** Two projects of an old installation may share a study code; that fault is reported from the files, which both need a name. */
    private static String unused(String code, String nickname, Set<String> names) {
        return Stream.concat(
                        Stream.of(code, nickname), Stream.iterate(2, i -> i + 1).map(i -> nickname + "-" + i))
                .map(name -> name.replaceAll("[^A-Za-z0-9_-]", "-"))
                .filter(name -> names.add(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow();
    }

    private static String write(Path out, String name, LegacyStudy study, ObjectNode configuration) throws IOException {
        String file = name + ".yml";
        Files.writeString(
                out.resolve(file),
                "# Imported from " + study.file().path().getFileName() + " of the old DATMAN; " + REPORT
                        + " lists what changed.\n" + YamlText.of(configuration));
        return file;
    }

    /** Settings of the main file and the system that hold for all studies. */
    private static List<ImportNote> mainNotes(LegacyInstallation installation) {
        List<ImportNote> notes = new ArrayList<>();
        LegacyYaml main = installation.main();
        main.values().fieldNames().forEachRemaining(key -> {
            if (!UntranslatedKeys.isStructure(key) && !StudyImport.isTranslated(key)) {
                notes.add(UntranslatedKeys.note(key, key, main.place(key)));
            }
        });
        installation.studies().stream()
                .limit(1)
                .forEach(study -> study.system().fieldNames().forEachRemaining(key -> {
                    if (!UntranslatedKeys.isStructure(key) && !StudyImport.isTranslated(key)) {
                        notes.add(UntranslatedKeys.note(key, "SystemSettings." + key, main.place("SystemSettings")));
                    }
                }));
        return notes;
    }
}
