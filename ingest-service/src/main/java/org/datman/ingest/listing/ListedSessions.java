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

    List<ListedSession> of(SessionRef session) {
        return list("sessionId", session.identity());
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
            ListedSession row = rows.computeIfAbsent(
                    session.accession(), accession -> new ListedSession(project, new SessionRef(server, accession)));
            row.listed(ListingDiff.signature(session));
            persist(row);
        }
        rows.forEach((accession, row) -> {
            if (diff.missing().contains(accession)) {
                row.missing();
            }
        });
        return diff;
    }
}
