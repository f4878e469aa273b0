package org.datman.export.xnat;

import jakarta.enterprise.context.ApplicationScoped;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.export.download.RemoteFolder;
import org.datman.platform.event.PermanentException;
import org.datman.xnat.ResourceRef;
import org.datman.xnat.XnatClient;

/** The XNAT server of this deployment. */
@ApplicationScoped
public class Xnat {

    private final XnatClient client;

    public Xnat(XnatClient client) {
        this.client = client;
    }

    /**
     * A resource of a session.
     *
     * @throws PermanentException when the session is of another server than this service reads
     */
    public RemoteFolder folder(SessionRef session, ResourceRef resource) {
        if (!session.server().equals(client.server())) {
            throw new PermanentException(new Reason(
                    "other-xnat-server",
                    "The session is on XNAT server '" + session.server() + "', but this service reads '"
                            + client.server() + "'",
                    "Give ingest and export the same DATMAN_XNAT_SERVER"));
        }
        return RemoteFolder.of(client, resource);
    }
}
