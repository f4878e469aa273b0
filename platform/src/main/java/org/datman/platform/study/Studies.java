package org.datman.platform.study;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.datman.contracts.study.ConfigurationError;
import org.datman.contracts.study.StudyConfigurationWatcher;
import org.datman.contracts.study.StudyConfigurations;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The studies of the folder {@code datman.studies}, at most {@code datman.studies.reload-every} old. */
@ApplicationScoped
public class Studies {

    private static final Logger LOG = Logger.getLogger(Studies.class);

    private final StudyConfigurationWatcher watcher;
    private List<ConfigurationError> toldErrors = List.of();
    private String toldRevision = "";

    Studies(
            @ConfigProperty(name = "datman.studies") Path folder,
            @ConfigProperty(name = "datman.studies.reload-every", defaultValue = "PT2S") Duration interval,
            Clock clock) {
        this.watcher = new StudyConfigurationWatcher(folder, interval, clock);
    }

    /** The studies now. A study whose new text is faulty stays as it last was valid; the errors say so. */
    public StudyConfigurations current() {
        StudyConfigurations current = watcher.current();
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
