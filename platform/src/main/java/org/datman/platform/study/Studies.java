package org.datman.platform.study;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.contracts.study.AcceptedStudies;
import org.datman.contracts.study.ConfigurationError;
import org.datman.contracts.study.StudyConfigurationWatcher;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.platform.event.OutageException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The studies of the folder {@code datman.studies}, at most {@code datman.studies.reload-every} old. */
@ApplicationScoped
public class Studies {

    private static final Logger LOG = Logger.getLogger(Studies.class);

    private final StudyConfigurationWatcher watcher;
    private List<ConfigurationError> toldErrors = List.of();
    private String toldRevision = "";
    private final Optional<Path> archive;
    private boolean known;

    /**
     * @param archive where the accepted texts lie; empty where the folder alone counts
     * @param create whether a folder that is no archive yet becomes one; where it does not, one that is no archive is away
     */
    @Inject
    public Studies(
            @ConfigProperty(name = "datman.studies") Path folder,
            @ConfigProperty(name = "datman.archive") Optional<Path> archive,
            @ConfigProperty(name = "datman.archive.create", defaultValue = "false") boolean create,
            @ConfigProperty(name = "datman.studies.reload-every", defaultValue = "PT2S") Duration interval,
            Clock clock) {
        this.watcher = new StudyConfigurationWatcher(
                folder, archive.map(root -> root.resolve(AcceptedStudies.PATH)), interval, clock);
        this.archive = archive.filter(root -> !create);
    }

    /** Studies without an archive that could be away. */
    public Studies(Path folder, Optional<Path> archive, Duration interval, Clock clock) {
        this(folder, archive, true, interval, clock);
    }

    /** What the folder of the studies holds by itself, accepted or not. For who accepts it. */
    public StudyConfigurations proposed() {
        return watcher.proposed();
    }

    /**
     * The studies that hold now: the accepted texts. A study whose new text is faulty, whose file is gone, or whose change waits
     * for a person stays as it was; faults are among the errors.
     *
     * @throws OutageException when texts were accepted but could not be read since the start, or the archive that has them was away
     *     since then
     */
    public StudyConfigurations current() {
        StudyConfigurations current;
        try {
            requireArchive();
            current = watcher.current();
        } catch (UncheckedIOException unreadable) {
            throw new OutageException(unreadable.getMessage(), unreadable);
        }
        notifyListeners(current);
        return current;
    }

    /**
     * The same for who only shows them: what else is known must be shown while they cannot be read. Then there is no study, and one
     * error that says why.
     */
    public StudyConfigurations shown() {
        try {
            return current();
        } catch (OutageException unreadable) {
            return new StudyConfigurations(
                    Map.of(),
                    List.of(new ConfigurationError(
                            AcceptedStudies.PATH, 0, 0, "", String.valueOf(unreadable.getMessage()), "")),
                    "");
        }
    }

    /** Without its archive a service does not know what was accepted: the folder alone must not hold instead. */
    private synchronized void requireArchive() {
        if (!known && archive.isPresent()) {
            if (!ArchiveMark.isThere(archive.get())) {
                throw new OutageException(ArchiveMark.away(archive.get()));
            }
            known = true;
        }
    }

    private synchronized void notifyListeners(StudyConfigurations current) {
        if (!current.revision().equals(toldRevision)) {
            toldRevision = current.revision();
            LOG.infof(
                    "Study configuration read revision=%s studies=%s",
                    current.revision(), current.valid().keySet());
        }
        if (!current.errors().equals(toldErrors)) {
            toldErrors = current.errors();
            toldErrors.forEach(error -> LOG.errorf("Study configuration is faulty: %s", error));
        }
    }
}
