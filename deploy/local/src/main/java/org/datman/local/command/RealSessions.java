package org.datman.local.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Names for the sessions of a folder: as they are when they follow the grammar, else made of the folder's name. */
final class RealSessions {

    private static final int LONGEST_SUBJECT = 28;
    private static final Pattern ARCHIVE =
            Pattern.compile("\\.(zip|tar|tar\\.gz|tgz|tar\\.xz)$", Pattern.CASE_INSENSITIVE);

    private RealSessions() {}

    /** Links every session of a folder under its name and returns the names, in the order of the folder. */
    static List<String> link(Path folder, String project, Path links) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(
                    folder + " is not a folder; --from wants one with a sub-folder or archive per session");
        }
        List<Path> sessions;
        try (Stream<Path> entries = Files.list(folder)) {
            sessions = entries.filter(entry -> !entry.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
        if (sessions.isEmpty()) {
            throw new IOException(folder + " is empty; --from wants one sub-folder or archive per session");
        }
        Files.createDirectories(links);
        List<String> labels = new ArrayList<>();
        for (Path session : sessions) {
            String name = session.getFileName().toString();
            String label = label(name, project);
            if (labels.contains(label)) {
                throw new IOException(
                        "Two sessions of " + folder + " would both be called " + label + "; rename " + name);
            }
            labels.add(label);
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
    static String label(String name, String project) {
        String plain = ARCHIVE.matcher(name).replaceFirst("");
        if (plain.matches("[A-Z0-9]+_[A-Z0-9]+_[A-Z0-9]+(_[A-Z0-9]+){1,2}")) {
            return plain;
        }
        String subject = plain.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
        if (subject.length() > LONGEST_SUBJECT) {
            subject = subject.substring(0, LONGEST_SUBJECT - 6)
                    + String.format(Locale.ROOT, "%06X", plain.hashCode() & 0xFFFFFF);
        }
        return project + "_LAB_" + subject + "_01_01";
    }
}
