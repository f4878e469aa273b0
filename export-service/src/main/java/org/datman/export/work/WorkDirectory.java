package org.datman.export.work;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.datman.platform.archive.Archive;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Temporary work folders. Each process has its own, which it keeps locked; remains of a killed process are removed by
 * the next process that starts.
 */
@ApplicationScoped
public class WorkDirectory {

    private static final Logger LOG = Logger.getLogger(WorkDirectory.class);
    private static final String LOCK = ".lock";

    private final Path root;
    private final Archive archive;
    private @Nullable Own own;

    /** The folder of this process, locked as long as the process lives. */
    private record Own(Path folder, FileChannel lock) {}

    /** On the archive's file system unless configured otherwise, so that finished files need no copying. */
    public WorkDirectory(@ConfigProperty(name = "datman.scratch") Optional<Path> configured, Archive archive) {
        this.archive = archive;
        this.root = configured
                .orElseGet(() -> archive.root().resolve(".datman/scratch"))
                .toAbsolutePath();
    }

    void onStart(@Observes StartupEvent event) throws IOException {
        clearLeftovers();
    }

    /** A folder for one series, deleted with its contents when closed. */
    public Folder open() throws IOException {
        return new Folder(
                Files.createDirectories(own().resolve(UUID.randomUUID().toString())));
    }

    /** A folder that is deleted when closed. */
    public record Folder(Path path) implements AutoCloseable {

        @Override
        public void close() throws IOException {
            delete(path);
        }
    }

    private synchronized Path own() throws IOException {
        archive.requireThere();
        Own found = own;
        if (found == null || !Files.exists(found.folder.resolve(LOCK))) {
            release();
            Path folder = Files.createDirectories(root.resolve(UUID.randomUUID().toString()));
            FileChannel lock =
                    FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            found = new Own(folder, lock);
            own = found;
            lock.lock();
        }
        return found.folder;
    }

    /** Deletes the folders of ended processes: their locks are free. */
    void clearLeftovers() throws IOException {
        Files.createDirectories(root);
        List<Path> folders;
        Own current = own;
        try (Stream<Path> entries = Files.list(root)) {
            folders = entries.filter(Files::isDirectory)
                    .filter(folder -> current == null || !folder.equals(current.folder))
                    .toList();
        }
        for (Path folder : folders) {
            try (FileChannel other = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
                    FileLock lock = other.tryLock()) {
                if (lock != null) {
                    LOG.infof("Deleting the work folder of an ended process folder=%s", folder.getFileName());
                    delete(folder);
                }
            } catch (NoSuchFileException notOurs) {
                LOG.warnf("Skipped, has no lock file folder=%s", folder);
            } catch (java.nio.channels.OverlappingFileLockException ofThisProcess) {
                LOG.debugf("In use by this process folder=%s", folder);
            } catch (IOException e) {
                // The work does not need the remains.
                LOG.warnf("Skipped, cannot be deleted folder=%s error=%s", folder, e.toString());
            }
        }
    }

    @PreDestroy
    synchronized void release() throws IOException {
        Own released = own;
        if (released != null) {
            released.lock.close();
            own = null;
            delete(released.folder);
        }
    }

    /** Makes a file of the archive appear in the work directory, or the reverse; copies it only if it cannot be linked. */
    public static Path linkOrCopy(Path source, Path target) throws IOException {
        try {
            return Files.createLink(target, source);
        } catch (IOException | UnsupportedOperationException otherFileSystem) {
            return Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException gone) {
            return;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
