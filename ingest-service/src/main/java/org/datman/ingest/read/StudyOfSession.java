package org.datman.ingest.read;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.xnat.XnatSession;
import org.datman.xnat.XnatSession.Share;
import org.jspecify.annotations.Nullable;

/**
 * The project under which a session is processed: its own when a study has it, else a project of a study that it is shared
 * into, with its label there.
 *
 * @param session as that project has it
 * @param ofProject the study of that project
 */
record StudyOfSession(XnatSession session, @Nullable StudyConfiguration ofProject) {

    /** The study of the project; empty when no study has it. */
    Optional<StudyConfiguration> study() {
        return Optional.ofNullable(ofProject);
    }

    /**
     * Pure. Of several projects that it is shared into, the previous one is kept; else the first by name is
     * chosen, so that the result does not depend on the order of XNAT's answer.
     *
     * @param knownAs project under which it was last published, if any
     */
    static StudyOfSession of(XnatSession session, StudyConfigurations studies, @Nullable String knownAs) {
        Optional<StudyConfiguration> own = studies.byProject(session.project());
        if (own.isPresent()) {
            return new StudyOfSession(session, own.get());
        }
        List<Share> wanted = session.shares().stream()
                .filter(share -> studies.byProject(share.project()).isPresent())
                .sorted(Comparator.comparing((Share share) -> !share.project().equals(knownAs))
                        .thenComparing(Share::project))
                .toList();
        return wanted.isEmpty()
                ? new StudyOfSession(session, null)
                : new StudyOfSession(
                        session.in(wanted.get(0)),
                        studies.byProject(wanted.get(0).project()).orElseThrow());
    }
}
