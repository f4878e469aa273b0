package org.datman.contracts.event;

import java.time.LocalDate;
import java.util.Optional;

/**
 * A session exists on XNAT, or has another name, another project, or was deleted.
 *
 * @param sessionRevision counts the changes that ingest has seen of this session's attributes, from 1
 * @param status the current state of the session
 * @param project XNAT project of the session
 * @param subjectLabel XNAT label of the subject
 * @param label XNAT label of the session
 * @param previousLabel the label before, when renamed
 * @param previousProject the project before, when moved
 * @param study study code, when the project belongs to one that is configured
 * @param site site code, when the label could be read
 * @param name DATMAN session name {@code STUDY_SITE_SUBJECT_TIMEPOINT_REPEAT}, when the label could be read
 * @param nameProblem why there is no name
 * @param phantom whether the session is of a phantom and not of a person
 * @param date the day of the scan as XNAT has it
 * @param scanner XNAT's values for the scanner: manufacturer, model, station
 * @param configRevision the study configuration that determined the name
 */
@WithBuilder
public record SessionDiscovered(
        SessionRef session,
        long sessionRevision,
        Status status,
        String project,
        String subjectLabel,
        String label,
        Optional<String> previousLabel,
        Optional<String> previousProject,
        Optional<String> study,
        Optional<String> site,
        Optional<String> name,
        Optional<Reason> nameProblem,
        boolean phantom,
        Optional<LocalDate> date,
        Optional<String> scanner,
        String configRevision)
        implements Event.OfSession, SessionDiscoveredBuilder.With {

    /** The states of a session. */
    public enum Status {
        PRESENT,
        RENAMED,
        MOVED,
        DELETED
    }

    @Override
    public String identity() {
        return session.identity();
    }

    @Override
    public String revision() {
        return sessionRevision + "@" + configRevision;
    }

    @Override
    public Optional<ScanId> scanId() {
        return Optional.empty();
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(sessionRevision);
    }

    @Override
    public String summary() {
        String was = previousLabel.map(old -> ", was '" + old + "'").orElse("")
                + previousProject.map(old -> ", was in " + old).orElse("");
        return "Session '" + label + "' is " + Summaries.words(status) + was
                + name.map(given -> ", named " + given).orElse(", has no name");
    }
}
