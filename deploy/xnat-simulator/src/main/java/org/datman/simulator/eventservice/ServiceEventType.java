package org.datman.simulator.eventservice;

import java.util.Arrays;
import java.util.List;
import org.datman.simulator.archive.ArchiveEvent;
import org.datman.simulator.http.Refusal;

/** The event types of XNAT that the simulator supports. */
enum ServiceEventType {
    SESSION("SessionEvent", "xnat:imageSessionData", List.of("CREATED", "MERGED", "DELETED")),
    RESOURCE("ResourceEvent", "xnat:resourceCatalog", List.of("CREATED", "UPDATED"));

    private static final String PACKAGE = "org.nrg.xnat.eventservice.events.";

    final String name;
    final String xnatType;
    final List<String> statuses;

    ServiceEventType(String name, String xnatType, List<String> statuses) {
        this.name = name;
        this.xnatType = xnatType;
        this.statuses = statuses;
    }

    /** Its class in XNAT, used in subscriptions. */
    String id() {
        return PACKAGE + name;
    }

    /** Whether an event of the archive is one of this type with that status. */
    boolean covers(ArchiveEvent event, String status) {
        return name.equals(event.kind().serviceEvent)
                && (status.isEmpty() || status.equals(event.kind().serviceStatus));
    }

    /** @throws Refusal 501 for another event of XNAT, 424 for an unknown one */
    static ServiceEventType of(String id) {
        if (!id.startsWith(PACKAGE)) {
            throw new Refusal(424, "Could not load Event class: " + id);
        }
        return Arrays.stream(values())
                .filter(type -> type.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Refusal.notDone("events of type " + id));
    }
}
