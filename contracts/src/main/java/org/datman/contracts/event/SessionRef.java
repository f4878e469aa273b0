package org.datman.contracts.event;

import java.util.Objects;

/**
 * An XNAT session by an immutable id: labels are renamed and moved, the accession id is not. Two XNAT servers may give the same accession id, so
 * that nothing is keyed by it alone.
 *
 * @param server the short name under which DATMAN knows the XNAT server
 * @param accession XNAT's accession id, such as {@code SITE_E00042}
 */
public record SessionRef(String server, String accession) {
    public SessionRef {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(accession, "accession");
    }

    /**
     * The session of an identity.
     *
     * @throws IllegalArgumentException when it is no {@code server/accession}
     */
    public static SessionRef of(String identity) {
        int slash = identity.lastIndexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("'" + identity + "' is not server/accession");
        }
        return new SessionRef(identity.substring(0, slash), identity.substring(slash + 1));
    }

    /** {@code server/accession}: the session's identity in events and the key of all that is stored about it. */
    public String identity() {
        return server + "/" + accession;
    }
}
