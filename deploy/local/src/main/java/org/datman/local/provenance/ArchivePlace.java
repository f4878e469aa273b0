package org.datman.local.provenance;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a path in the archive belongs to, by its folders alone.
 *
 * @param kind which folder of the study it is in
 * @param study study code
 * @param session session name
 * @param stem of the image; null where the path is not of one image
 * @param path in the archive
 */
record ArchivePlace(
        Kind kind, String study, String session, @Nullable String stem, String path) {

    private static final List<String> ENDINGS =
            List.of(".prov.json", ".dcm2niix.log", ".nii.gz", ".nii", ".json", ".bval", ".bvec", ".dcm");
    private static final int FILE_LEVEL = 4;
    private static final int TOOL_LEVELS = 2;

    /** The folders of a study. */
    enum Kind {
        SERIES,
        QC,
        RESOURCE,
        PIPELINE
    }

    /** Reads a path; empty when it is in no folder of a study. */
    static Optional<ArchivePlace> of(String path) {
        String[] parts = path.split("/");
        if (parts.length < FILE_LEVEL - 1) {
            return Optional.empty();
        }
        String last = parts.length >= FILE_LEVEL ? parts[FILE_LEVEL - 1] : null;
        return switch (parts[1]) {
            case "nii", "dcm", "provenance" ->
                Optional.of(new ArchivePlace(Kind.SERIES, parts[0], parts[2], last == null ? null : stem(last), path));
            case "qc" -> Optional.of(new ArchivePlace(Kind.QC, parts[0], parts[2], last, path));
            case "resources" -> Optional.of(new ArchivePlace(Kind.RESOURCE, parts[0], parts[2], null, path));
            case "pipelines" ->
                parts.length > FILE_LEVEL
                        ? Optional.of(new ArchivePlace(Kind.PIPELINE, parts[0], parts[2 + TOOL_LEVELS], null, path))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** A file name without the endings that DATMAN gives. */
    static String stem(String name) {
        return ENDINGS.stream()
                .filter(name::endsWith)
                .findFirst()
                .map(ending -> name.substring(0, name.length() - ending.length()))
                .orElse(name);
    }
}
