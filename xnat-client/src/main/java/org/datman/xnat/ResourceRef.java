package org.datman.xnat;

import java.util.Optional;

/**
 * A resource by what is unambiguous: labels may be missing or there twice.
 *
 * @param accession session
 * @param scan scan id, for a scan's resource
 * @param id XNAT's numeric id of the resource, as text
 */
public record ResourceRef(String accession, Optional<String> scan, String id) {

    /** A resource of a scan. */
    public static ResourceRef ofScan(String accession, String scan, String id) {
        return new ResourceRef(accession, Optional.of(scan), id);
    }

    /** A resource of the session itself. */
    public static ResourceRef ofSession(String accession, String id) {
        return new ResourceRef(accession, Optional.empty(), id);
    }
}
