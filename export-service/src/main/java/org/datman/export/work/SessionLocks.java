package org.datman.export.work;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.datman.contracts.event.SessionRef;
import org.datman.export.publish.Segments;
import org.datman.platform.archive.Archive;

/**
 * One at a time per session: topics are in order each for itself, but a request to do a session again comes on another topic,
 * perhaps to another replica.
 */
@ApplicationScoped
public class SessionLocks {

    private final Archive archive;
    private final ConcurrentHashMap<SessionRef, ReentrantLock> locks = new ConcurrentHashMap<>();

    public SessionLocks(Archive archive) {
        this.archive = archive;
    }

    /** What is done while the session is held. */
    @FunctionalInterface
    public interface Work {
        void run() throws IOException;
    }

    /** Waits for the session and holds it while the work is done. */
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

    /** Closing it lets the lock go, towards other processes. */
    private FileChannel channel(SessionRef session) throws IOException {
        archive.requireThere();
        Path file = archive.resolve(
                ".datman/locks/" + Segments.of(session.server()) + "/" + Segments.of(session.accession()) + ".lock");
        Files.createDirectories(file.getParent());
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
}
