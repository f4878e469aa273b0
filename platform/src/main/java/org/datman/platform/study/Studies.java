package org.datman.platform.study;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

    public Studies(
            @ConfigProperty(name = "datman.studies") Path folder,
            @ConfigProperty(name = "datman.archive") Optional<Path> archive,
            @ConfigProperty(name = "datman.studies.reload-every", defaultValue = "PT2S") Duration interval,
            Clock clock) {
        this.watcher = new StudyConfigurationWatcher(
                folder, archive.map(root -> root.resolve(AcceptedStudies.PATH)), interval, clock);
    }

    /** What the folder of the studies holds by itself, accepted or not. For who accepts it. */
    public StudyConfigurations proposed() {
        return watcher.proposed();
    }

    /**
     * The studies that hold now: the accepted texts. A study whose new text is faulty, whose file is gone, or whose change waits
     * for a person stays as it was; faults are among the errors.
     *
     * @throws OutageException when texts were accepted but could not be read since the start
     */
    public StudyConfigurations current() {
        StudyConfigurations current;
        try {
            current = watcher.current();
        } catch (UncheckedIOException unreadable) {
            throw new OutageException(unreadable.getMessage(), unreadable);
        }
        tell(current);
        return current;
    }

    private synchronized void tell(StudyConfigurations current) {
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
