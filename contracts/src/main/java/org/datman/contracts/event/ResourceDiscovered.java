package org.datman.contracts.event;

import java.util.Optional;

/**
 * An associated file (behavioural log, technician's notes …) of a session, or its removal. It is attached to the session
 * itself, to one of its scans, or to its subject or project.
 *
 * @param resourceRevision counts the changes of this file, from 1
 * @param removed whether the file is gone from XNAT
 * @param project XNAT project of the session
 * @param subjectLabel XNAT label of the subject
 * @param sessionLabel XNAT label of the session
 * @param resource XNAT's numeric id of the resource folder
 * @param label label of the folder; {@code MISC} when XNAT has none
 * @param path path inside the folder as XNAT has it; hostile until proven otherwise
 * @param size in bytes
 * @param md5 XNAT's digest in lower-case hex, when it has one
 * @param level what the folder belongs to on XNAT; the session when absent
 * @param owner scan id, subject's accession id or project id that the folder belongs to; absent for the session
 */
@WithBuilder
public record ResourceDiscovered(
        SessionRef session,
        long resourceRevision,
        boolean removed,
        String project,
        String subjectLabel,
        String sessionLabel,
        String resource,
        String label,
        String path,
        long size,
        Optional<String> md5,
        Optional<Level> level,
        Optional<String> owner)
        implements Event.OfSession, ResourceDiscoveredBuilder.With {

    /** What a folder of files belongs to. */
    public enum Level {
        PROJECT,
        SUBJECT,
        SESSION,
        SCAN
    }

    @Override
    public String identity() {
        return session.identity() + "/resources/" + resource + "/" + path;
    }

    @Override
    public String revision() {
        return Long.toString(resourceRevision);
    }

    @Override
    public Optional<ScanId> scanId() {
        return Optional.empty();
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(resourceRevision);
    }

    @Override
    public String summary() {
        return "Associated file " + label + "/" + path + (removed ? " was removed" : " found");
    }
}
