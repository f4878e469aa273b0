package org.datman.export.work;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.datman.contracts.archive.Segments;
import org.datman.contracts.event.SessionRef;
import org.datman.platform.archive.Archive;

/**
 * One task at a time per session: each topic is ordered by itself, but a reprocess request is received on another topic,
 * possibly by another replica.
 */
@ApplicationScoped
public class SessionLocks {

    private final Archive archive;
    private final ConcurrentHashMap<SessionRef, ReentrantLock> locks = new ConcurrentHashMap<>();

    public SessionLocks(Archive archive) {
        this.archive = archive;
    }

    /** The work done while the session is locked. */
    @FunctionalInterface
    public interface Work {
        void run() throws IOException;
    }

    /** Waits for the session lock and holds it during the work. */
    public void holding(SessionRef session, Work work) throws IOException {
        ReentrantLock lock = locks.computeIfAbsent(session, any -> new ReentrantLock(true));
        lock.lock();
        try (FileChannel channel = channel(session)) {
            channel.lock();
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /** Closing it releases the lock for other processes. */
    private FileChannel channel(SessionRef session) throws IOException {
        archive.requireThere();
        Path file = archive.resolve(
                ".datman/locks/" + Segments.of(session.server()) + "/" + Segments.of(session.accession()) + ".lock");
        Files.createDirectories(file.getParent());
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
}
