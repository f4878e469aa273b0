package org.datman.ingest.diff;

import java.util.Optional;
import org.datman.contracts.event.Reason;
import org.datman.contracts.study.SessionNaming;
import org.datman.contracts.study.SessionNaming.Resolved;
import org.datman.contracts.study.SessionNaming.Unresolved;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;

/** The name that the study configuration derives from a session's labels. */
record ResolvedName(
        Optional<String> study,
        Optional<String> site,
        Optional<String> name,
        Optional<Reason> problem,
        boolean phantom,
        String configRevision) {

    static ResolvedName of(StudyConfigurations studies, String project, String subjectLabel, String label) {
        SessionNaming.Resolution resolution = SessionNaming.resolve(studies, project, subjectLabel, label);
        if (resolution instanceof Resolved resolved) {
            return new ResolvedName(
                    Optional.of(resolved.study().code()),
                    Optional.of(resolved.site().code()),
                    Optional.of(resolved.sessionName()),
                    Optional.empty(),
                    resolved.id().isPhantom(),
                    resolved.study().revision());
        }
        Unresolved unresolved = (Unresolved) resolution;
        return new ResolvedName(
                unresolved.study().map(StudyConfiguration::code),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Reason(unresolved.reason().code(), unresolved.message(), unresolved.action())),
                false,
                unresolved.study().map(StudyConfiguration::revision).orElse(studies.revision()));
    }
}
