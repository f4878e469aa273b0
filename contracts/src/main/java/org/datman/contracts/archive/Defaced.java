package org.datman.contracts.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;

/**
 * The record of an image without its face, as it lies beside that image: {@code <STUDY>/defaced/<SESSION>/<stem>_defaced.json}.
 *
 * @param original of which bytes it was made
 * @param defaced the image without the face
 * @param tool that removed it
 * @param runKey of the run
 */
public record Defaced(
        FileRef original, FileRef defaced, String tool, String toolVersion, String descriptorSha256, String runKey) {

    private static final String SUFFIX = "_defaced";

    /**
     * Where the defaced form of an image is.
     *
     * @param original path of the image in the archive
     * @param output name of the file that the tool wrote, whose extension it gets
     */
    public static String image(String original, String output) {
        return base(original) + (output.endsWith(".gz") ? ".nii.gz" : ".nii");
    }

    /** Where its record is. */
    public static String record(String original) {
        return base(original) + ".json";
    }

    /** {@code SPN01/nii/SESSION/stem.nii.gz} to {@code SPN01/defaced/SESSION/stem_defaced}. */
    private static String base(String original) {
        String[] parts = original.split("/");
        String stem = parts[parts.length - 1].replaceFirst("\\.nii(\\.gz)?$", "");
        return parts[0] + "/defaced/" + parts[parts.length - 2] + "/" + stem + SUFFIX;
    }

    /**
     * The defaced form of exactly these bytes.
     *
     * @return empty when there is none, when it was made of other bytes, or when it is not as it was stored
     */
    public static Optional<Defaced> find(Path archive, FileRef original) throws IOException {
        Path file = Fixity.resolve(archive, record(original.path()));
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        Defaced record = EventJson.mapper().readValue(file.toFile(), Defaced.class);
        boolean usable = record.original().sha256().equals(original.sha256())
                && !record.defaced().sha256().equals(original.sha256())
                && Fixity.verify(archive, record.defaced()).isEmpty();
        return usable ? Optional.of(record) : Optional.empty();
    }
}
