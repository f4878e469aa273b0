package org.datman.simulator.importer;

import java.util.function.Function;

/**
 * How folders become sessions.
 *
 * @param project project that takes them
 * @param subject subject label by folder name; an empty answer means the PatientID of the images
 * @param label session label by folder name
 * @param announceFirst whether the session row and its CREATED event precede its images, as XNAT does when it saves
 *     early; the images then follow as a merge
 */
public record LoadOptions(
        String project, Function<String, String> subject, Function<String, String> label, boolean announceFirst) {

    /** Labels are the folder names with invalid characters replaced, subjects the PatientIDs. */
    public static LoadOptions project(String project) {
        return new LoadOptions(project, folder -> "", LoadOptions::clean, false);
    }

    public LoadOptions subject(String fixed) {
        return new LoadOptions(project, folder -> fixed, label, announceFirst);
    }

    public LoadOptions subjects(Function<String, String> byFolder) {
        return new LoadOptions(project, byFolder, label, announceFirst);
    }

    public LoadOptions label(String fixed) {
        return new LoadOptions(project, subject, folder -> fixed, announceFirst);
    }

    public LoadOptions labels(Function<String, String> byFolder) {
        return new LoadOptions(project, subject, byFolder, announceFirst);
    }

    public LoadOptions announcedFirst() {
        return new LoadOptions(project, subject, label, true);
    }

    /** Letters, digits, {@code _} and {@code -} stay, everything else becomes {@code _}: what XNAT allows in labels. */
    public static String clean(String name) {
        return name.strip().replaceAll("[^A-Za-z0-9_-]", "_");
    }

    /** The last part of a path, with slashes or backslashes. */
    public static String lastOf(String path) {
        String name = path.replace('\\', '/').replaceFirst("/+$", "");
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** The last part of a path as the name of a file on disk: no leading dot, invalid characters replaced. */
    public static String fileName(String path) {
        return lastOf(path).replaceAll("[^A-Za-z0-9_.-]", "_").replaceFirst("^\\.+", "_");
    }
}
