package org.datman.pipeline.bids;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ResourceDiscovered.Level;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesExported.Outcome;

/**
 * A session that came as BIDS: the files of the folder {@code BIDS} of the session on XNAT, which go into the dataset byte for byte, all or
 * none.
 *
 * @param files of the session folder; empty when there are none
 * @param above files that describe a whole dataset, which DATMAN writes itself
 * @param problems why they cannot be taken; empty when nothing is known before they are validated
 */
record SuppliedSession(List<PlannedFile> files, List<String> above, List<String> problems) {

    /** Label of the folder on XNAT. */
    static final String LABEL = "BIDS";

    static final SuppliedSession NONE = new SuppliedSession(List.of(), List.of(), List.of());

    /** Labels on XNAT are texts of strangers: a path in the dataset has letters, digits and few signs, and begins with no dot. */
    private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._-]*(/[A-Za-z0-9][A-Za-z0-9+._-]*)*");

    private static final Pattern ABOVE = Pattern.compile(
            "dataset_description\\.json|README(\\.(md|rst|txt))?|CHANGES|LICENSE"
                    + "|CITATION\\.cff|participants\\.(tsv|json)|\\.bidsignore|sub-[^/]+/sub-[^/]+_sessions\\.(tsv|json)");

    SuppliedSession {
        files = List.copyOf(files);
        above = List.copyOf(above);
        problems = List.copyOf(problems);
    }

    /** Whether a file is one of those. */
    static boolean isOf(ResourceExported file) {
        return file.label().equals(LABEL)
                && file.level().orElse(Level.SESSION) == Level.SESSION
                && file.outcome() != Outcome.WITHDRAWN;
    }

    /**
     * The files as they are to lie in the session folder.
     *
     * @param associated the associated files of the session
     * @param subject {@code sub-CMH0001}
     * @param session {@code ses-01}
     */
    static SuppliedSession of(List<ResourceExported> associated, String subject, String session) {
        String folder = subject + "/" + session + "/";
        String prefix = subject + "_" + session + "_";
        Map<String, FileRef> files = new LinkedHashMap<>();
        List<String> above = new ArrayList<>();
        Set<String> problems = new LinkedHashSet<>();
        for (ResourceExported each :
                associated.stream().filter(SuppliedSession::isOf).toList()) {
            String path = each.path();
            String place = path.startsWith(folder) ? path.substring(folder.length()) : path;
            String name = place.substring(place.lastIndexOf('/') + 1);
            if (ABOVE.matcher(path).matches()) {
                above.add(path);
            } else if (!NAMES.matcher(path).matches()) {
                problems.add("A name that no file of BIDS has: " + shown(path));
            } else if (place.startsWith("sub-") && place.contains("/")
                    || name.startsWith("sub-") && !name.startsWith(prefix)) {
                problems.add(path + " is not of " + subject + " and " + session + ", as the session is labelled here");
            } else if (!place.contains("/") && !place.startsWith(prefix)) {
                problems.add(path + " lies above the sessions and may describe their images");
            } else if (each.file().isEmpty()) {
                problems.add(path + " is not in the archive: "
                        + each.reason().map(Reason::message).orElse("no reason is known"));
            } else if (each.renewal().isPresent()) {
                problems.add(path + " is of before: "
                        + each.renewal().map(Reason::message).orElseThrow());
            } else if (files.put(place, each.file().get()) != null) {
                problems.add(place + " is there twice");
            }
        }
        return new SuppliedSession(
                files.entrySet().stream()
                        .map(file -> PlannedFile.of(file.getKey(), file.getValue()))
                        .toList(),
                above,
                List.copyOf(problems));
    }

    /** A name of which somebody else chose the letters, for a message. */
    private static String shown(String path) {
        String safe = path.replaceAll("[^A-Za-z0-9+._/ -]", "?");
        return safe.length() <= 100 ? safe : safe.substring(0, 100) + "…";
    }

    /** A copy with one more problem. */
    SuppliedSession with(String problem) {
        List<String> more = new ArrayList<>(problems);
        more.add(problem);
        return new SuppliedSession(files, above, more);
    }

    /** Paths of what was recorded: images, else whatever is not only a description. */
    List<String> recordings() {
        List<String> paths = files.stream()
                .map(PlannedFile::path)
                .filter(path -> path.contains("/") && !path.endsWith(".json"))
                .toList();
        List<String> images = paths.stream()
                .filter(path -> path.endsWith(".nii.gz") || path.endsWith(".nii"))
                .toList();
        return images.isEmpty() ? paths : images;
    }

    /** Whether it has a file of that path. */
    boolean has(String path) {
        return files.stream().anyMatch(file -> file.path().equals(path));
    }

    /** Whether the path of one of its files begins so. */
    boolean begins(String path) {
        return files.stream().anyMatch(file -> file.path().startsWith(path));
    }
}
