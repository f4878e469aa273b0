package org.datman.dashboard.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.datman.contracts.archive.RunningLog;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.PipelineUpdated.State;
import org.datman.contracts.event.SessionRef;
import org.datman.platform.archive.Archive;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The logs of runs under way, as the pipeline service shows them in the archive. */
@ApplicationScoped
public class RunningLogs {

    private static final Logger LOG = Logger.getLogger(RunningLogs.class);

    /** Two logs, as JSON: a character takes at most six. */
    private static final int LARGEST = 16 * RunningLog.LONGEST;

    private final RunListing runs;
    private final Archive archive;

    RunningLogs(RunListing runs, Archive archive) {
        this.runs = runs;
        this.archive = archive;
    }

    /**
     * What a pipeline last said of a session, and the log of its run.
     *
     * @param log null while there is none: the run has not begun to write, or is not under way
     */
    public record Shown(RunListing.Run run, @Nullable RunningLog log) {

        /** Whether it is under way. */
        public boolean running() {
            return run.state().equals(State.RUNNING.name());
        }
    }

    /** Empty when the pipeline has said nothing of the session. */
    public Optional<Shown> of(SessionRef session, String pipeline) {
        return runs.of(session, pipeline).map(run -> {
            Shown without = new Shown(run, null);
            return without.running() ? new Shown(run, read(session, run)) : without;
        });
    }

    private @Nullable RunningLog read(SessionRef session, RunListing.Run run) {
        Path file = archive.resolve(RunningLog.path(session, run.pipeline()));
        try (InputStream in = Files.newInputStream(file)) {
            RunningLog log = EventJson.mapper().readValue(in.readNBytes(LARGEST), RunningLog.class);
            // That of an attempt of before may not be removed yet.
            return log.runKey().equals(run.runKey()) && log.attempt() == run.attempt() ? log : null;
        } catch (NoSuchFileException notYet) {
            return null;
        } catch (JsonProcessingException e) {
            LOG.warnf("The log of a run cannot be read file=%s error=%s", file, e.getOriginalMessage());
            return null;
        } catch (IOException e) {
            LOG.warnf("The log of a run cannot be read file=%s error=%s", file, e.getMessage());
            return null;
        }
    }
}
