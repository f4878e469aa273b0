package org.datman.xnat;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A resource by an unambiguous id: labels may be missing or duplicate.
 *
 * @param level what it belongs to
 * @param owner accession id of the session or subject, or id of the project
 * @param scan scan id, for a scan's resource
 * @param id XNAT's numeric id of the resource, as text
 */
public record ResourceRef(
        Level level, String owner, @Nullable String scan, String id) {

    /** What has resource folders on XNAT. */
    public enum Level {
        PROJECT,
        SUBJECT,
        SESSION,
        SCAN
    }

    public Optional<String> findScan() {
        return Optional.ofNullable(scan);
    }

    /** A resource of a scan. */
    public static ResourceRef ofScan(String accession, String scan, String id) {
        return new ResourceRef(Level.SCAN, accession, scan, id);
    }

    /** A resource of the session itself. */
    public static ResourceRef ofSession(String accession, String id) {
        return new ResourceRef(Level.SESSION, accession, null, id);
    }

    /** A resource of a subject, by the subject's accession id. */
    public static ResourceRef ofSubject(String subject, String id) {
        return new ResourceRef(Level.SUBJECT, subject, null, id);
    }

    /** A resource of a project. */
    public static ResourceRef ofProject(String project, String id) {
        return new ResourceRef(Level.PROJECT, project, null, id);
    }
}
