package org.datman.platform.study;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private List<ConfigurationError> loggedErrors = List.of();
    private String loggedRevision = "";
    private final Optional<Path> archive;
    private boolean known;

    /**
     * @param archive holds the accepted texts; empty when only the folder counts
     * @param create whether a folder without the archive mark becomes an archive; if not, such a folder counts as unavailable
     */
    @Inject
    public Studies(
            @ConfigProperty(name = "datman.studies") Path folder,
            @ConfigProperty(name = "datman.archive") Optional<Path> archive,
            @ConfigProperty(name = "datman.archive.create", defaultValue = "false") boolean create,
            @ConfigProperty(name = "datman.studies.reload-every", defaultValue = "PT2S") Duration interval,
            Clock clock) {
        this.watcher = new StudyConfigurationWatcher(
                folder, archive.map(root -> root.resolve(AcceptedStudies.PATH)).orElse(null), interval, clock);
        this.archive = archive.filter(root -> !create);
    }

    /** Studies in a folder; nothing has to be accepted. */
    public Studies(Path folder, Duration interval, Clock clock) {
        this(folder, Optional.empty(), true, interval, clock);
    }

    /** The content of the studies folder, accepted or not. For the code that accepts it. */
    public StudyConfigurations proposed() {
        return watcher.proposed();
    }

    /**
     * The studies in force: the accepted texts. A study whose new text is faulty, whose file is missing, or whose change waits
     * for confirmation is unchanged; faults are among the errors.
     *
     * @throws OutageException when texts were accepted but could not be read since the start, or the archive that has them was unavailable
     *     since then
     */
    public StudyConfigurations current() {
        StudyConfigurations current;
        try {
            requireArchive();
            current = watcher.current();
        } catch (UncheckedIOException unreadable) {
            throw new OutageException(
                    Objects.requireNonNullElse(unreadable.getMessage(), "the study files cannot be read"), unreadable);
        }
        notifyListeners(current);
        return current;
    }

    /**
     * The same for display only: other data must be shown while the texts cannot be read. The result then has no study, and one
     * error with the reason.
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

    /** Without its archive a service does not know what was accepted: it must not fall back to the folder. */
    private synchronized void requireArchive() {
        if (!known && archive.isPresent()) {
            if (!ArchiveMark.isThere(archive.get())) {
                throw new OutageException(ArchiveMark.away(archive.get()));
            }
            known = true;
        }
    }

    private synchronized void notifyListeners(StudyConfigurations current) {
        if (!current.revision().equals(loggedRevision)) {
            loggedRevision = current.revision();
            LOG.infof(
                    "Study configuration read revision=%s studies=%s",
                    current.revision(), current.valid().keySet());
        }
        if (!current.errors().equals(loggedErrors)) {
            loggedErrors = current.errors();
            loggedErrors.forEach(error -> LOG.errorf("Study configuration is faulty error=%s", error));
        }
    }
}
