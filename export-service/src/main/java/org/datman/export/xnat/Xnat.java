package org.datman.export.xnat;

import java.util.Map;
import java.util.TreeMap;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.export.download.RemoteFolder;
import org.datman.platform.event.PermanentException;
import org.datman.xnat.ImageSource;
import org.datman.xnat.ResourceRef;

/** The XNAT servers that this service reads. A session is read from its own: another may have the same accession id. */
public class Xnat {

    private final Map<String, ImageSource> clients;

    /** @param clients by the short name of their server */
    public Xnat(Map<String, ImageSource> clients) {
        this.clients = Map.copyOf(clients);
    }

    /** Ends the sessions on all servers. */
    void close() {
        clients.values().forEach(ImageSource::close);
    }

    /**
     * A resource of a session.
     *
     * @throws PermanentException when the session is of another server than this service reads
     */
    public RemoteFolder folder(SessionRef session, ResourceRef resource) {
        return RemoteFolder.of(client(session), resource);
    }

    /**
     * The client of the session's server.
     *
     * @throws PermanentException when this service does not read that server
     */
    ImageSource client(SessionRef session) {
        ImageSource client = clients.get(session.server());
        if (client == null) {
            throw new PermanentException(
                    new Reason(
                            "other-xnat-server",
                            "The session is on XNAT server '" + session.server() + "', but this service reads '"
                                    + String.join("', '", new TreeMap<>(clients).keySet()) + "'",
                            "Give ingest and export the same DATMAN_XNAT_SERVER; name further servers under datman.other-xnats"));
        }
        return client;
    }
}
