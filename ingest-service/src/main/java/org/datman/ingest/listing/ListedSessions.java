package org.datman.ingest.listing;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.datman.contracts.event.SessionRef;
import org.datman.xnat.XnatListed;

/** The last listing of each project. In the current transaction. */
@ApplicationScoped
public class ListedSessions implements PanacheRepositoryBase<ListedSession, String> {

    /** A worker that reads a session and the listing of its project may both be the first to store it. */
    private static final String INSERT =
            "insert into listed_session (id, project, session_id, signature, missed) values (?1, ?2, ?3, ?4, 0) on conflict (id) ";

    List<ListedSession> of(SessionRef session) {
        return list("sessionId", session.identity());
    }

    /** The next listing of a project should contain this session. */
    void expect(String project, SessionRef session) {
        insert(project, session, "", "do nothing");
    }

    private void insert(String project, SessionRef session, String signature, String conflict) {
        getEntityManager()
                .createNativeQuery(INSERT + conflict)
                .setParameter(1, ListedSession.id(project, session))
                .setParameter(2, project)
                .setParameter(3, session.identity())
                .setParameter(4, signature)
                .executeUpdate();
    }

    /** Stores a complete listing of a project; returns the difference to the one before. */
    public ListingDiff store(String project, String server, List<XnatListed> listed) {
        Map<String, ListedSession> rows = new HashMap<>();
        Map<String, String> before = new HashMap<>();
        for (ListedSession row : list("project", project)) {
            SessionRef session = SessionRef.of(row.sessionId());
            // Another server's project may have the same name; this listing says nothing about its sessions.
            if (session.server().equals(server)) {
                rows.put(session.accession(), row);
                before.put(session.accession(), row.signature());
            }
        }
        ListingDiff diff = ListingDiff.of(before, listed);
        for (XnatListed session : listed) {
            String signature = ListingDiff.signature(session);
            ListedSession row = rows.get(session.accession());
            if (row == null) {
                insert(
                        project,
                        new SessionRef(server, session.accession()),
                        signature,
                        "do update set signature = excluded.signature, missed = 0");
            } else {
                row.listed(signature);
            }
        }
        rows.forEach((accession, row) -> {
            if (diff.missing().contains(accession)) {
                row.missing();
            }
        });
        return diff;
    }
}
