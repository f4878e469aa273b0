package org.datman.ingest.session;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.xnat.XnatSession;
import org.datman.xnat.XnatSession.Share;

/**
 * The project under which a session is processed: its own when a study has it, else a project of a study that it is shared
 * into, with its label there.
 *
 * @param session as that project has it
 * @param study the study of that project
 */
public record StudyOfSession(XnatSession session, Optional<StudyConfiguration> study) {

    /**
     * Pure. Of several projects that it is shared into, the previous one is kept; else the first by name is
     * chosen, so that the result does not depend on the order of XNAT's answer.
     *
     * @param knownAs project under which it was last published
     */
    public static StudyOfSession of(XnatSession session, StudyConfigurations studies, Optional<String> knownAs) {
        Optional<StudyConfiguration> own = studies.byProject(session.project());
        if (own.isPresent()) {
            return new StudyOfSession(session, own);
        }
        List<Share> wanted = session.shares().stream()
                .filter(share -> studies.byProject(share.project()).isPresent())
                .sorted(Comparator.comparing((Share share) -> !knownAs.equals(Optional.of(share.project())))
                        .thenComparing(Share::project))
                .toList();
        return wanted.isEmpty()
                ? new StudyOfSession(session, own)
                : new StudyOfSession(
                        session.in(wanted.get(0)),
                        studies.byProject(wanted.get(0).project()));
    }
}
