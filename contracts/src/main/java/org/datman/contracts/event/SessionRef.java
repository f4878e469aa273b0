package org.datman.contracts.event;

import java.util.Objects;

/**
 * An XNAT session by an immutable id: labels are renamed and moved, the accession id is not.
 *
 * @param server the short name under which DATMAN knows the XNAT server
 * @param accession XNAT's accession id, such as {@code SITE_E00042}
 */
public record SessionRef(String server, String accession) {
    public SessionRef {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(accession, "accession");
    }

    /** {@code server/accession}: the session's identity in events. */
    public String identity() {
        return server + "/" + accession;
    }
}
