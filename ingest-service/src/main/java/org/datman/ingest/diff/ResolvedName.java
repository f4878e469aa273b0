package org.datman.ingest.diff;

import java.util.Optional;
import org.datman.contracts.event.Reason;
import org.datman.contracts.study.SessionNaming;
import org.datman.contracts.study.SessionNaming.Resolved;
import org.datman.contracts.study.SessionNaming.Unresolved;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;
import org.jspecify.annotations.Nullable;

/** The name that the study configuration derives from a session's labels. */
record ResolvedName(
        @Nullable String study,
        @Nullable String site,
        @Nullable String name,
        @Nullable Reason problem,
        boolean phantom,
        String configRevision) {

    Optional<String> findStudy() {
        return Optional.ofNullable(study);
    }

    Optional<String> findSite() {
        return Optional.ofNullable(site);
    }

    Optional<String> findName() {
        return Optional.ofNullable(name);
    }

    Optional<Reason> findProblem() {
        return Optional.ofNullable(problem);
    }

    static ResolvedName of(StudyConfigurations studies, String project, String subjectLabel, String label) {
        SessionNaming.Resolution resolution = SessionNaming.resolve(studies, project, subjectLabel, label);
        if (resolution instanceof Resolved resolved) {
            return new ResolvedName(
                    resolved.study().code(),
                    resolved.site().code(),
                    resolved.sessionName(),
                    null,
                    resolved.id().isPhantom(),
                    resolved.study().revision());
        }
        Unresolved unresolved = (Unresolved) resolution;
        return new ResolvedName(
                unresolved.findStudy().map(StudyConfiguration::code).orElse(null),
                null,
                null,
                new Reason(unresolved.reason().code(), unresolved.message(), unresolved.action()),
                false,
                unresolved.findStudy().map(StudyConfiguration::revision).orElse(studies.revision()));
    }
}
