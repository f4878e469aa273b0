package org.datman.simulator.arrival;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.datman.simulator.archive.ArchiveException;
import org.datman.simulator.archive.Session;
import org.datman.simulator.archive.SimulatedArchive;
import org.datman.simulator.importer.LoadOptions;
import org.datman.simulator.importer.SessionLoader;
import org.datman.simulator.importer.Unpacker;
import org.datman.simulator.scanner.LaterEvent;
import org.datman.simulator.scanner.ScanPlan;
import org.datman.simulator.scanner.ScannedSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds sessions over time and applies the later changes of a scenario. Each completed step is recorded, so that a
 * restarted simulator continues where it stopped.
 */
public final class SessionFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionFeed.class);

    /** The progress of the plans. */
    public record Progress(boolean planning, int planned, int done, List<String> failures) {
        public boolean isComplete() {
            return !planning && done + failures.size() == planned;
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private final SimulatedArchive archive;
    private final SessionLoader loader;
    private final @Nullable Path notes;
    private final Set<String> played = new LinkedHashSet<>();
    private final List<String> failures = new ArrayList<>();
    private boolean planning;
    private int planned;
    private int done;
    // one thread: steps of one session happen in order, and reading headers leaves a core to the services
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "arrivals");
        thread.setDaemon(true);
        return thread;
    });

    /** @param notes file that records the completed steps, null for none */
    public SessionFeed(SimulatedArchive archive, SessionLoader loader, @Nullable Path notes) throws IOException {
        this.archive = archive;
        this.loader = loader;
        this.notes = notes;
        if (notes != null && Files.exists(notes)) {
            played.addAll(Files.readAllLines(notes));
        }
    }

    /** Sets whether more plans are still being made: until they are made, the feed is not complete. */
    public synchronized void planning(boolean goingOn) {
        planning = goingOn;
    }

    /** Plans the sessions of the synthetic scanner, with their later changes, from now on. */
    public void play(ScanPlan plan) {
        for (ScannedSession session : plan.sessions()) {
            String key = session.project() + "/" + session.sessionLabel();
            at(session.arriveAfter(), key + " arrives", () -> arrive(session));
            for (int i = 0; i < session.later().size(); i++) {
                LaterEvent event = session.later().get(i);
                String what = key + " " + (i + 1) + ": " + name(event);
                at(session.arriveAfter().plus(event.after()), what, () -> later(session, event));
            }
        }
    }

    /** Plans the sessions of a folder, evenly over a time; each is read only when it is due. */
    public void play(Path folder, LoadOptions options, Duration over) throws IOException {
        List<Path> sources = SessionLoader.sessionsIn(folder);
        for (int i = 0; i < sources.size(); i++) {
            Path source = sources.get(i);
            String name = Files.isDirectory(source) ? source.getFileName().toString() : Unpacker.baseName(source);
            at(over.multipliedBy(i).dividedBy(sources.size()), options.project() + "/" + name + " arrives", () -> {
                if (archive.find(options.project(), options.label().apply(name)) == null) {
                    loader.addSession(source, options);
                }
            });
        }
    }

    private void arrive(ScannedSession session) throws IOException {
        LoadOptions options = LoadOptions.project(session.project())
                .subject(session.subjectLabel())
                .label(session.sessionLabel());
        List<Path> sources = new ArrayList<>(List.of(session.folder()));
        if (session.resources() != null) {
            sources.add(session.resources());
        }
        if (archive.find(session.project(), session.sessionLabel()) == null) {
            loader.addSession(sources, options);
        }
    }

    private void later(ScannedSession session, LaterEvent event) throws IOException {
        Session current = current(session);
        String id = current.id();
        if (event instanceof LaterEvent.LateSeries late) {
            loader.addTo(id, late.folder());
        } else if (event instanceof LaterEvent.Renamed renamed) {
            // The subject first: a client that reads the session on its rename event finds both consistent.
            archive.renameSubject(current.subjectId(), renamed.newLabel());
            archive.rename(id, renamed.newLabel());
        } else if (event instanceof LaterEvent.Deleted) {
            archive.delete(id);
        }
    }

    /** The session under its first or any later label. */
    private Session current(ScannedSession session) {
        List<String> labels = new ArrayList<>(List.of(session.sessionLabel()));
        for (LaterEvent event : session.later()) {
            if (event instanceof LaterEvent.Renamed renamed) {
                labels.add(renamed.newLabel());
            }
        }
        for (String label : labels) {
            Session found = archive.find(session.project(), label);
            if (found != null) {
                return found;
            }
        }
        throw new ArchiveException(404, "session " + session.sessionLabel() + " is not in the archive");
    }

    private static String name(LaterEvent event) {
        if (event instanceof LaterEvent.LateSeries late) {
            return "late series " + late.seriesNumber();
        }
        if (event instanceof LaterEvent.Renamed renamed) {
            return "renamed to " + renamed.newLabel();
        }
        return "deleted";
    }

    private synchronized void at(Duration after, String what, Step step) {
        planned++;
        if (played.contains(what)) {
            done++;
            return;
        }
        timer.schedule(() -> perform(what, step), after.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void perform(String what, Step step) {
        try {
            step.run();
            LOG.info("Step done step={}", what);
            note(what);
        } catch (IOException | RuntimeException e) {
            LOG.error("Step failed step={}", what, e);
            synchronized (this) {
                failures.add(what + ": " + e.getMessage());
            }
        }
    }

    private synchronized void note(String what) throws IOException {
        played.add(what);
        done++;
        if (notes == null) {
            return;
        }
        Files.createDirectories(notes.toAbsolutePath().getParent());
        Files.writeString(notes, what + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    public synchronized Progress progress() {
        return new Progress(planning, planned, done, List.copyOf(failures));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
