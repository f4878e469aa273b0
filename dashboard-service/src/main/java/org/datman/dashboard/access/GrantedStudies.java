package org.datman.dashboard.access;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.stream.Collectors;
import org.datman.contracts.study.AcceptedStudies;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.platform.event.OutageException;
import org.datman.platform.study.Studies;

/** The study configuration as the request may see it: of its studies, with the faults of their files. */
@ApplicationScoped
public class GrantedStudies {

    private final Studies studies;
    private final Access access;

    public GrantedStudies(Studies studies, Access access) {
        this.studies = studies;
        this.access = access;
    }

    /**
     * The studies in force.
     *
     * @throws OutageException as {@link Studies#current()}
     */
    public StudyConfigurations current() {
        return granted(studies.current());
    }

    /** The same for display only, see {@link Studies#shown()}. */
    public StudyConfigurations shown() {
        return granted(studies.shown());
    }

    /** The content of the configuration folder, accepted or not. */
    public StudyConfigurations proposed() {
        return granted(studies.proposed());
    }

    /** Whether a request with this scope may see what concerns a file of the configuration. */
    public static boolean isGranted(AccessScope scope, String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        return scope.everything() || scope.wholeStudy(name.replaceFirst("\\.ya?ml$", ""));
    }

    private StudyConfigurations granted(StudyConfigurations all) {
        AccessScope scope = access.scope();
        if (scope.everything()) {
            return all;
        }
        return new StudyConfigurations(
                all.valid().entrySet().stream()
                        .filter(study -> scope.study(study.getKey()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
                all.errors().stream()
                        // That nothing can be read names no study.
                        .filter(error -> error.file().equals(AcceptedStudies.PATH) || isGranted(scope, error.file()))
                        .toList(),
                all.revision());
    }
}
