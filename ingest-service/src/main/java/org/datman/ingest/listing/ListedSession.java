package org.datman.ingest.listing;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.datman.contracts.event.SessionRef;

/** A session in the last listing of a project, or how often it has been missing there since. */
@Entity
class ListedSession {

    /** {@code project/server/accession}: a session that is shared is listed by several projects. */
    @Id
    private String id;

    private String project;
    private String sessionId;

    /** The listing's data of it; empty before it was first listed. */
    private String signature;

    private int missed;

    /** For Hibernate. */
    protected ListedSession() {}

    static String id(String project, SessionRef session) {
        return project + "/" + session.identity();
    }

    String project() {
        return project;
    }

    String sessionId() {
        return sessionId;
    }

    String signature() {
        return signature;
    }

    int missed() {
        return missed;
    }

    /** It is listed with this data. */
    void listed(String data) {
        signature = data;
        missed = 0;
    }

    /** It is there, although no listing says so yet. */
    void seen() {
        missed = 0;
    }

    /** A complete listing lacks it. */
    void missing() {
        missed++;
    }
}
