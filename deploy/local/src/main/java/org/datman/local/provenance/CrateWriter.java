package org.datman.local.provenance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import org.datman.contracts.archive.Fixity;
import org.datman.contracts.provenance.ProvenanceGraph;
import org.datman.contracts.provenance.RunCrate;
import org.jspecify.annotations.Nullable;

/**
 * Writes a crate: copies of the files, and the metadata. It takes one graph after the other, each complete in itself; of what was taken
 * a bounded number of nodes is in memory, the others are in temporary files.
 */
public final class CrateWriter implements AutoCloseable {

    private static final String PART = ".part";

    private final Path archive;
    private final Path target;
    private final SortedLines entities;
    private final SortedLines software;
    private final SortedLines actions;
    private final SortedLines withheld;
    private int files;
    private long bytes;

    /**
     * Begins one.
     *
     * @param target an empty folder, or one that is not there yet
     */
    public CrateWriter(Path archive, Path target) {
        this(archive, target, SortedLines.AT_ONCE);
    }

    /** @param atOnce how many nodes of a kind are in memory at most */
    CrateWriter(Path archive, Path target, int atOnce) {
        this.archive = archive;
        this.target = target.toAbsolutePath().normalize();
        this.entities = new SortedLines(atOnce);
        this.software = new SortedLines(atOnce);
        this.actions = new SortedLines(atOnce);
        this.withheld = new SortedLines(atOnce);
    }

    /**
     * What was written.
     *
     * @param withheld how many files and facts are not, each counted once
     */
    public record Written(int files, long bytes, long withheld) {}

    /**
     * Copies the files of a graph and takes its nodes.
     *
     * @throws IOException when a file is not as it was published
     */
    public void add(ProvenanceGraph graph) throws IOException {
        for (ProvenanceGraph.Entity entity : graph.entities().values()) {
            if (entity.path() != null) {
                copy(entity.path(), entity.sha256());
            }
        }
        RunCrate.Nodes nodes = RunCrate.of(graph);
        add(entities, nodes.entities());
        add(software, nodes.software());
        add(actions, nodes.actions());
    }

    /**
     * The same for what leaves the lab.
     *
     * @throws IOException when a file is not as it was published
     */
    public void add(DefacedGraph chosen) throws IOException {
        add(chosen.graph());
        for (String id : chosen.withheld()) {
            withheld.add(id.replace('\n', ' '));
        }
    }

    private void copy(String path, @Nullable String sha256) throws IOException {
        Path source = Fixity.resolve(archive, path);
        Path copy = Fixity.resolve(target, RunCrate.place(path));
        boolean known = Files.exists(copy);
        if (!known) {
            Files.createDirectories(copy.getParent());
            if (!Fixity.isFile(source)) {
                throw new IOException(path + " is missing; './datman explain " + path + "' has its record");
            }
            Files.copy(source, copy);
            files++;
            bytes += Files.size(copy);
        }
        if (sha256 != null && !Fixity.sha256(copy).equals(sha256)) {
            throw new IOException(path + " is not as it was published; './datman explain " + path + "' has its record");
        }
    }

    private static void add(SortedLines lines, List<ObjectNode> nodes) throws IOException {
        for (ObjectNode node : nodes) {
            lines.add(CrateNodes.line(node));
        }
    }

    /** How many nodes are in memory now. */
    int held() {
        return entities.held() + software.held() + actions.held();
    }

    /**
     * Writes the metadata, once. It comes last, so that a crate that is not complete has none.
     *
     * @param what it is of
     */
    public Written finish(String what, String licence, Instant now) throws IOException {
        RunCrate.About about = new RunCrate.About(
                what,
                "Images of " + what
                        + " with the DICOM files, rules and programs that they came from, exported by DATMAN",
                licence,
                now);
        Files.createDirectories(target);
        Path part = target.resolve(RunCrate.METADATA + PART);
        Iterator<ObjectNode> programs = CrateNodes.merged(software.sorted());
        try (CrateNodes.Spool ofEntities = new CrateNodes.Spool(entities);
                CrateNodes.Spool ofActions = new CrateNodes.Spool(actions)) {
            CrateMetadata.write(part, about, ofEntities, programs, ofActions);
        }
        Files.move(part, target.resolve(RunCrate.METADATA), StandardCopyOption.ATOMIC_MOVE);
        return new Written(files, bytes, distinct(withheld.sorted()));
    }

    private static long distinct(Iterator<String> sorted) {
        long count = 0;
        String before = null;
        while (sorted.hasNext()) {
            String line = sorted.next();
            count += line.equals(before) ? 0 : 1;
            before = line;
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        try (entities;
                software;
                actions;
                withheld) {
            // Their temporary files go.
        }
    }
}
