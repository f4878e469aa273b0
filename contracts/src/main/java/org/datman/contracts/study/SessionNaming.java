package org.datman.contracts.study;

import java.util.Optional;
import java.util.TreeSet;
import org.datman.contracts.naming.DatmanId;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.naming.NamingException;
import org.datman.contracts.tree.Words;
import org.jspecify.annotations.Nullable;

/** Finds the study, the site and the identity of a session from its XNAT labels. */
public final class SessionNaming {

    private SessionNaming() {}

    /** The identity of a session, or why it cannot be determined. */
    public sealed interface Resolution {}

    /** A session of a study. */
    public record Resolved(StudyConfiguration study, SiteConfiguration site, DatmanId id) implements Resolution {
        public String sessionName() {
            return id.sessionName();
        }
    }

    /**
     * A session without study, site or name.
     *
     * @param study the study of the project; null where it is not known
     * @param message what is wrong
     * @param action what a person can do about it
     */
    public record Unresolved(Reason reason, @Nullable StudyConfiguration study, String message, String action)
            implements Resolution {

        public Optional<StudyConfiguration> findStudy() {
            return Optional.ofNullable(study);
        }
    }

    /** Why a session has no study, site or name. */
    public enum Reason {
        UNKNOWN_PROJECT,
        LABEL_NOT_IN_GRAMMAR,
        MISSING_REPEAT,
        FOREIGN_STUDY_CODE,
        UNKNOWN_SITE,
        SITE_NOT_OF_PROJECT,
        SUBJECT_CONTRADICTS;

        /** Stable code as in events: {@code label-not-in-grammar}. */
        public String code() {
            return Words.key(this);
        }
    }

    /**
     * Resolves a session. The session's label decides; the subject's label is only checked for a contradiction, and only
     * when it is in the grammar itself.
     */
    public static Resolution resolve(
            StudyConfigurations studies, String project, String subjectLabel, String sessionLabel) {
        StudyConfiguration study = studies.byProject(project).orElse(null);
        if (study == null) {
            return new Unresolved(
                    Reason.UNKNOWN_PROJECT,
                    null,
                    "no study has the XNAT project '" + project + "'",
                    "add it to XnatProjects of its study; known are " + new TreeSet<>(studies.xnatProjects()));
        }
        try {
            return named(study, project, subjectLabel, DatmanIds.parse(sessionLabel, study.idMap()));
        } catch (NamingException e) {
            return unresolved(
                    Reason.LABEL_NOT_IN_GRAMMAR,
                    study,
                    "session label " + e.getMessage(),
                    "rename the session on XNAT to STUDY_SITE_SUBJECT_TIMEPOINT_REPEAT, for example "
                            + study.code() + "_"
                            + study.sites().keySet().stream()
                                    .min(String::compareTo)
                                    .orElse("SITE")
                            + "_0001_01_01");
        }
    }

    private static Resolution named(StudyConfiguration study, String project, String subjectLabel, DatmanId id) {
        boolean codeKnown = study.sites().values().stream()
                .anyMatch(site -> site.studyCodes().contains(id.study()));
        if (!codeKnown) {
            return unresolved(
                    Reason.FOREIGN_STUDY_CODE,
                    study,
                    "'" + id + "' has study code '" + id.study() + "', which is not one of project '" + project + "' "
                            + study.sitesByCode().keySet(),
                    "rename or move the session on XNAT, or add the code to SiteTags of its site");
        }
        Optional<SiteConfiguration> site = study.site(id.site());
        if (site.isEmpty() || !site.get().studyCodes().contains(id.study())) {
            return unresolved(
                    Reason.UNKNOWN_SITE,
                    study,
                    "'" + id + "' has site '" + id.site() + "', which is not a site of " + id.study() + " "
                            + study.sitesByCode().get(id.study()),
                    "rename the session on XNAT, or add the site to Sites of " + study.file());
        }
        if (!site.get().xnatProjects().contains(project)) {
            return unresolved(
                    Reason.SITE_NOT_OF_PROJECT,
                    study,
                    "'" + id + "' is of site " + id.site() + ", whose sessions come to "
                            + new TreeSet<>(site.get().xnatProjects()) + " and not to '" + project + "'",
                    "move the session on XNAT, or add the project to XnatProjects of the site");
        }
        if (id.findSession().isEmpty() && !id.isPhantom()) {
            return unresolved(
                    Reason.MISSING_REPEAT,
                    study,
                    "'" + id + "' has no repeat number",
                    "rename the session on XNAT to " + id + "_01 if it is the first of its visit");
        }
        return contradiction(study, subjectLabel, id)
                .map(other -> unresolved(
                        Reason.SUBJECT_CONTRADICTS,
                        study,
                        "the session is called '" + id + "' but its subject '" + other + "'",
                        "find out whose scan it is, then rename the session or move it to the right subject on XNAT"))
                .orElseGet(() -> new Resolved(study, site.get(), id));
    }

    private static Resolution unresolved(Reason reason, StudyConfiguration study, String message, String action) {
        return new Unresolved(reason, study, message, action);
    }

    /** The subject's label when it is in the grammar, as subject, timepoint or session, and means another subject. */
    private static Optional<String> contradiction(StudyConfiguration study, String subjectLabel, DatmanId id) {
        String label = subjectLabel == null ? "" : subjectLabel.strip();
        boolean same = label.equals(id.fullSubject())
                || label.equals(id.xnatSubjectLabel())
                || label.equals(id.withTimepoint());
        if (same || label.chars().filter(c -> c == '_').count() < 2) {
            return Optional.empty();
        }
        return parsed(study, label)
                .or(() -> parsed(study, label + "_01"))
                .filter(other -> !other.fullSubject().equals(id.fullSubject()))
                .map(DatmanId::fullSubject);
    }

    private static Optional<DatmanId> parsed(StudyConfiguration study, String label) {
        try {
            return Optional.of(DatmanIds.parse(label, study.idMap()));
        } catch (NamingException notOurs) {
            // A subject may have any label; only a name in our grammar can contradict.
            return Optional.empty();
        }
    }
}
