package org.datman.local.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.simulator.importer.SessionLoader;
import org.jspecify.annotations.Nullable;

/** Names for the sessions of a folder: unchanged when they follow the grammar, else derived from the folder's name. */
final class RealSessions {

    private static final int LONGEST_SUBJECT = 28;
    private static final Pattern ARCHIVE =
            Pattern.compile("\\.(zip|tar|tar\\.gz|tgz|tar\\.xz)$", Pattern.CASE_INSENSITIVE);

    private RealSessions() {}

    /** The target of the sessions of a folder: the study and site whose codes go into their names, and their XNAT project. */
    record Place(String study, String site, String project) {

        /**
         * The target of sessions without a valid name, by the study configurations.
         *
         * @param project the project given by the person; may be null when the configurations have only one
         * @throws IOException when they have no such project, or several and none is given
         */
        static Place of(StudyConfigurations studies, @Nullable String project) throws IOException {
            if (!studies.errors().isEmpty()) {
                throw new IOException("The study configuration is not right:\n  "
                        + studies.errors().stream().map(Object::toString).collect(Collectors.joining("\n  ")));
            }
            List<Place> places = studies.valid().values().stream()
                    .flatMap(study -> study.sites().values().stream().flatMap(site -> site.xnatProjects().stream()
                            .map(one -> new Place(study.code(), site.code(), one))))
                    .filter(place -> project == null || project.equals(place.project()))
                    .sorted(Comparator.comparing(Place::project).thenComparing(Place::site))
                    .toList();
            Set<String> projects = places.stream().map(Place::project).collect(Collectors.toCollection(TreeSet::new));
            if (projects.size() != 1) {
                if (projects.isEmpty() && project == null) {
                    throw new IOException(
                            "No site of the study files has an XNAT project; name one under XnatProjects");
                }
                throw new IOException(
                        project != null
                                ? "No study has the XNAT project " + project
                                        + "; --project must be one of those under XnatProjects in the study files"
                                : "The sessions can go to any of the XNAT projects " + projects
                                        + " of the study files; choose one with --project");
            }
            return places.get(0);
        }
    }

    /** Links every session of a folder under its name and returns the folder's own name of each by its new one. */
    static Map<String, String> link(Path folder, Place place, Path links) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(
                    folder + " is not a folder; --from wants one with a sub-folder or archive per session");
        }
        List<Path> sessions = SessionLoader.sessionsIn(folder);
        if (sessions.isEmpty()) {
            throw new IOException(folder + " is empty; --from wants one sub-folder or archive per session");
        }
        try (Stream<Path> entries = Files.list(folder)) {
            entries.filter(entry -> !sessions.contains(entry))
                    .sorted()
                    .forEach(entry -> System.err.println(
                            "  " + entry.getFileName() + " is neither a folder nor an archive, so no session"));
        }
        Files.createDirectories(links);
        Map<String, String> labels = new LinkedHashMap<>();
        for (Path session : sessions) {
            String name = session.getFileName().toString();
            String label = label(name, place);
            if (labels.containsKey(label)) {
                throw new IOException(
                        "Two sessions of " + folder + " would both be called " + label + "; rename " + name);
            }
            labels.put(label, ARCHIVE.matcher(name).replaceFirst(""));
            Path link = links.resolve(label + archiveEnding(name));
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, session.toAbsolutePath());
        }
        return labels;
    }

    private static String archiveEnding(String name) {
        Matcher ending = ARCHIVE.matcher(name);
        return ending.find() ? ending.group() : "";
    }

    /** {@code ge-mr750-bold} becomes {@code REAL_LAB_GEMR750BOLD_01_01}. */
    static String label(String name, Place place) {
        String plain = ARCHIVE.matcher(name).replaceFirst("");
        if (plain.matches("[A-Z0-9]+_[A-Z0-9]+_[A-Z0-9]+(_[A-Z0-9]+){1,2}")) {
            return plain;
        }
        String subject = plain.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
        if (subject.length() > LONGEST_SUBJECT) {
            subject = subject.substring(0, LONGEST_SUBJECT - 6)
                    + String.format(Locale.ROOT, "%06X", plain.hashCode() & 0xFFFFFF);
        }
        return place.study() + "_" + place.site() + "_" + subject + "_01_01";
    }
}
