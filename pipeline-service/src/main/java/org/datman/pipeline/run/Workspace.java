package org.datman.pipeline.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.archive.Fixity;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.Reason;
import org.datman.pipeline.boutiques.Tool;
import org.datman.platform.archive.Archive;

/**
 * The private working folder of one attempt, deleted afterwards: {@code inputs/} with copies under their archive names,
 * {@code tool/} with the tool's own files. A tool left running by a dead worker writes to a different folder.
 */
final class Workspace implements AutoCloseable {

    private static final String RECONVERT =
            "Find out what happened to the file; press 'Reconvert' of the series, then 'Run again' of the pipeline";

    /** As {@link #open} makes them. */
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{12}-([0-9]{1,18})-)[0-9]+-[0-9a-f-]{36}");

    private static final int DIGITS = 12;

    private static final String BIDS_VERSION = "1.11.1";

    private final Path folder;
    private boolean kept;

    private Workspace(Path folder) {
        this.folder = folder;
    }

    /** An input does not match the request, or no longer does. */
    static final class InputException extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Reason reason;

        InputException(String code, String message, String action) {
            super(message);
            this.reason = new Reason(code, message, action);
        }

        Reason reason() {
            return reason;
        }
    }

    static Workspace open(Path workDir, Job job) throws IOException {
        String name = ofJob(job) + job.attempt() + "-" + UUID.randomUUID();
        return new Workspace(Files.createDirectories(workDir.toAbsolutePath().resolve(name)));
    }

    static String ofJob(Job job) {
        PipelineRequested run = job.event();
        return ofJob(job.id(), run.session().identity(), run.pipeline(), run.runKey(), run.requestId());
    }

    /**
     * The beginning of the names of a job's folders: another service may use the same place, whose jobs have the same numbers, and the same run
     * key where the same tool runs on the same bytes.
     */
    static String ofJob(long id, String session, String pipeline, String runKey, String requestId) {
        String identity = String.join("\n", session, pipeline, runKey, requestId);
        return DigestUtils.sha256Hex(identity).substring(0, DIGITS) + "-" + id + "-";
    }

    /** The folder of a run that goes on without a worker; empty when it is gone. */
    static Optional<Workspace> kept(Path workDir, String name) {
        Path folder = workDir.toAbsolutePath().resolve(name);
        // A folder that cannot be looked at is not gone.
        return Files.notExists(folder) ? Optional.empty() : Optional.of(new Workspace(folder));
    }

    /** Unique. */
    String name() {
        return folder.getFileName().toString();
    }

    /** Closing does not delete it. */
    void keep() {
        kept = true;
    }

    /** Removes the folders of earlier attempts at this job, which have ended. */
    static void removeLeft(Path workDir, Job job) throws IOException {
        for (Path folder : left(workDir, job)) {
            remove(folder);
        }
    }

    /** The folders of earlier attempts at this job. */
    static List<Path> left(Path workDir, Job job) throws IOException {
        List<Path> folders = new ArrayList<>();
        if (Files.isDirectory(workDir)) {
            try (DirectoryStream<Path> left = Files.newDirectoryStream(workDir.toAbsolutePath(), ofJob(job) + "*")) {
                left.forEach(folders::add);
            }
        }
        return folders;
    }

    /** The folders of all attempts, of whichever service. */
    static List<Path> all(Path workDir) throws IOException {
        if (!Files.isDirectory(workDir)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(workDir.toAbsolutePath())) {
            return all.filter(Files::isDirectory).toList();
        }
    }

    /**
     * The job whose attempt a folder is of, as the folder names it.
     *
     * @param id of a job of this service, or of another one
     * @param prefix how the name of the folder begins: {@link #ofJob} of that job
     */
    record Named(long id, String prefix) {}

    /** The job whose attempt a folder is of; empty for any other folder. */
    static Optional<Named> job(Path folder) {
        Matcher name = NAME.matcher(folder.getFileName().toString());
        return name.matches() ? Optional.of(new Named(Long.parseLong(name.group(2)), name.group(1))) : Optional.empty();
    }

    Path folder() {
        return folder;
    }

    /** Copies the tool's own files. */
    void copyToolFiles(Tool tool) throws IOException {
        for (String name : tool.descriptor().toolFiles()) {
            Path target = folder.resolve("tool").resolve(name);
            Files.createDirectories(target.getParent());
            Files.copy(tool.folder().resolve(name), target);
            if (Files.isExecutable(tool.folder().resolve(name))
                    && !target.toFile().setExecutable(true)) {
                throw new IOException(name + " cannot be made executable");
            }
        }
    }

    /** Copies inputs and checks their digests in the same pass; a link would let a tool write into the archive. */
    void copyInputs(InputPaths inputs, Archive archive) throws IOException, InputException {
        Files.createDirectories(folder.resolve("inputs"));
        for (Map.Entry<String, FileRef> input : inputs.files().entrySet()) {
            Path target = folder.resolve(input.getKey()).normalize();
            if (!target.startsWith(folder)) {
                throw new InputException("input-outside", input.getKey() + " leaves the folder of the run", RECONVERT);
            }
            Files.createDirectories(target.getParent());
            copy(input.getValue(), target, archive);
        }
    }

    /** Makes a folder with a session of a BIDS dataset a dataset of its own. Its text is the same for all runs: it is no part of their identity. */
    void describeDataset(String relative, String study) throws IOException {
        ObjectNode description = EventJson.mapper().createObjectNode();
        description.put("Name", study);
        description.put("BIDSVersion", BIDS_VERSION);
        description.put("DatasetType", "raw");
        Path dataset = Files.createDirectories(folder.resolve(relative));
        Files.writeString(dataset.resolve("dataset_description.json"), description.toPrettyString() + "\n");
    }

    private static void copy(FileRef file, Path target, Archive archive) throws IOException, InputException {
        Optional<Fixity.Difference> difference;
        try {
            difference = archive.copy(file, target);
        } catch (IllegalArgumentException e) {
            throw new InputException("input-outside", String.valueOf(e.getMessage()), RECONVERT);
        }
        if (difference.isPresent()) {
            throw difference.get().missing()
                    ? new InputException("input-missing", file.path() + " is not in the archive", RECONVERT)
                    : new InputException(
                            "input-changed",
                            file.path() + " is not the requested file: it "
                                    + difference.get().text(),
                            RECONVERT);
        }
        if (!target.toFile().setReadOnly()) {
            throw new IOException(target.getFileName() + " cannot be made read-only");
        }
    }

    /**
     * Files at a declared path: one file, those of a folder, or those that match a pattern. One may be a link out of this folder: see
     * {@link #holds}.
     */
    List<Path> find(String path, boolean pattern) throws IOException {
        List<Path> found = new ArrayList<>();
        if (pattern) {
            PathMatcher matcher = folder.getFileSystem().getPathMatcher("glob:" + path);
            try (Stream<Path> all = Files.walk(folder)) {
                all.filter(Files::isRegularFile)
                        .filter(file -> matcher.matches(folder.relativize(file)))
                        .forEach(found::add);
            }
        } else {
            Path at = folder.resolve(path).normalize();
            if (!at.startsWith(folder) || at.equals(folder)) {
                throw new IOException(path + " leaves the folder of the run");
            }
            if (Files.exists(at)) {
                try (Stream<Path> all = Files.walk(at)) {
                    all.filter(Files::isRegularFile).forEach(found::add);
                }
            }
        }
        found.sort(Comparator.naturalOrder());
        return found;
    }

    /** Whether a file is in this folder, and no link out of it. */
    boolean holds(Path file) {
        try {
            return file.toRealPath().startsWith(folder.toRealPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (!kept) {
            remove(folder);
        }
    }

    /** Removes the folder of an attempt that has ended. */
    static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
