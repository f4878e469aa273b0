package org.datman.pipeline.run;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.datman.contracts.event.SessionRef;
import org.datman.pipeline.selection.SessionFacts;
import org.datman.pipeline.selection.ToolResult;
import org.datman.pipeline.state.PipelineState;
import org.datman.platform.archive.Archive;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The links {@code <STUDY>/pipelines/latest/<pipeline>/<SESSION>} to the folder of the result of what the session has now. There is none while
 * there is no such result: an analysis that follows them never gets one that is out of date.
 */
@ApplicationScoped
public class LatestLinks {

    private static final Logger LOG = Logger.getLogger(LatestLinks.class);
    private static final String FOLDER = "pipelines/latest";

    private final Archive archive;
    private final PipelineState state;

    LatestLinks(Archive archive, PipelineState state) {
        this.archive = archive;
        this.state = state;
    }

    /**
     * Lets the links of a session be as its results are. The session must be locked.
     *
     * @param results by pipeline
     */
    public void point(SessionRef session, SessionFacts facts, Map<String, ToolResult> results) {
        boolean any = results.values().stream().anyMatch(ToolResult.Current.class::isInstance);
        String name = facts.study() + "/" + facts.sessionName();
        String before = state.linkedAs(session, any ? name : "");
        if (before.isEmpty() && !any) {
            return;
        }
        tried(session, before.isEmpty() ? name : before, () -> {
            if (!before.isEmpty() && !before.equals(name)) {
                remove(before);
            }
            Path root = root(facts.study());
            for (Map.Entry<String, ToolResult> each : results.entrySet()) {
                point(root.resolve(Results.segment(each.getKey())), facts, target(each.getValue()));
            }
            removeOthers(root, facts, results);
        });
    }

    private interface Linking {
        void run() throws IOException;
    }

    /** An archive that is read-only, full, or on a file system without links holds up no decision: the next one tries again. */
    private void tried(SessionRef session, String linked, Linking linking) {
        try {
            linking.run();
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warnf("Links to the latest results cannot be changed session=%s error=%s", session.identity(), e);
            state.linkedAs(session, linked);
        }
    }

    /** Removes all links of a session. It must be locked. */
    public void remove(SessionRef session) {
        String before = state.linkedAs(session, "");
        if (!before.isEmpty()) {
            tried(session, before, () -> remove(before));
        }
    }

    private Path root(String study) {
        return archive.resolve(Results.segment(study) + "/" + FOLDER);
    }

    private void remove(String studyAndName) throws IOException {
        int slash = studyAndName.indexOf('/');
        Path root = root(studyAndName.substring(0, slash));
        for (Path pipeline : children(root)) {
            delete(pipeline.resolve(Results.segment(studyAndName.substring(slash + 1))));
        }
    }

    /** Those of pipelines that the study has no longer. */
    private static void removeOthers(Path root, SessionFacts facts, Map<String, ToolResult> results)
            throws IOException {
        for (Path pipeline : children(root)) {
            boolean known = results.keySet().stream().anyMatch(name -> Results.segment(name)
                    .equals(pipeline.getFileName().toString()));
            if (!known) {
                delete(pipeline.resolve(Results.segment(facts.sessionName())));
            }
        }
    }

    private static List<Path> children(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(root)) {
            List<Path> found = new ArrayList<>();
            all.forEach(found::add);
            return found;
        }
    }

    private @Nullable Path target(ToolResult result) {
        return result instanceof ToolResult.Current current
                ? current.folder().map(archive::resolve).orElse(null)
                : null;
    }

    private static void point(Path folder, SessionFacts facts, @Nullable Path target) throws IOException {
        Path link = folder.resolve(Results.segment(facts.sessionName()));
        if (target == null) {
            delete(link);
            return;
        }
        Path relative = folder.relativize(target);
        if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(relative)) {
            return;
        }
        if (Files.exists(link, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(link)) {
            LOG.warnf("What is no link is not replaced by one link=%s", link);
            return;
        }
        Files.createDirectories(folder);
        Path made = folder.resolve("." + UUID.randomUUID());
        Files.createSymbolicLink(made, relative);
        Files.move(made, link, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void delete(Path link) throws IOException {
        if (Files.isSymbolicLink(link)) {
            Files.delete(link);
        }
    }
}
