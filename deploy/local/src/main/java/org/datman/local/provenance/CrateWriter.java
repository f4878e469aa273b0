package org.datman.local.provenance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.datman.contracts.archive.Fixity;

/** Writes a crate: copies of the files, and the metadata. */
public final class CrateWriter {

    private CrateWriter() {}

    /** What was written. */
    public record Written(int files, long bytes) {}

    /**
     * Writes it. The metadata comes last, so that a crate that is not complete has none.
     *
     * @param what it is of
     * @param target an empty folder
     * @throws IOException when a file is not as it was published
     */
    public static Written write(
            Path archive, String what, List<? extends Lineage> lineages, Path target, String licence, Instant now)
            throws IOException {
        return write(archive, what, ProvenanceGraph.of(lineages), target, licence, now);
    }

    /** The same of a graph. */
    public static Written write(
            Path archive, String what, ProvenanceGraph graph, Path target, String licence, Instant now)
            throws IOException {
        int files = 0;
        long bytes = 0;
        for (ProvenanceGraph.Entity entity : graph.entities().values()) {
            if (entity.path() == null) {
                continue;
            }
            Path source = Fixity.resolve(archive, entity.path());
            Path copy = Fixity.resolve(target.toAbsolutePath().normalize(), RunCrate.place(entity.path()));
            Files.createDirectories(copy.getParent());
            if (!Fixity.isFile(source)) {
                throw new IOException(
                        entity.path() + " is missing; './datman explain " + entity.path() + "' has its record");
            }
            Files.copy(source, copy);
            if (entity.sha256() != null && !Fixity.sha256(copy).equals(entity.sha256())) {
                throw new IOException(entity.path() + " is not as it was published; './datman explain " + entity.path()
                        + "' has its record");
            }
            files++;
            bytes += Files.size(copy);
        }
        Files.write(
                target.resolve(RunCrate.METADATA),
                (RunCrate.of(
                                                graph,
                                                new RunCrate.About(
                                                        what,
                                                        "Images of " + what
                                                                + " with the DICOM files, rules and programs that"
                                                                + " they came from, exported by DATMAN",
                                                        licence,
                                                        now))
                                        .toPrettyString()
                                + "\n")
                        .getBytes(StandardCharsets.UTF_8));
        return new Written(files, bytes);
    }
}
