package org.datman.simulator.archive;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change of a session.
 *
 * @param session as it was right after (for a deletion: right before)
 * @param detail scan id or resource label concerned, empty for the whole session
 */
public record ArchiveEvent(Kind kind, Session session, String detail, Instant time) {

    /** The kind of change, with the names that XNAT's two event mechanisms use (null: that mechanism sends no event). */
    public enum Kind {
        CREATED("Transferred", "SessionEvent", "CREATED"),
        MERGED("Merged", "SessionEvent", "MERGED"),
        RENAMED("Renamed", null, null),
        MODIFIED("Modified MR Session", null, null),
        SHARED("Configured project sharing", null, null),
        DELETED("Deleted", "SessionEvent", "DELETED"),
        SCAN_REMOVED("Removed scan", null, null),
        RESOURCE_CREATED("Created resource", "ResourceEvent", "CREATED"),
        RESOURCE_REMOVED("Removed Resource Catalog", null, null),
        FILES_UPLOADED("Uploaded File", "ResourceEvent", "UPDATED"),
        FILES_REMOVED("Removed File", "ResourceEvent", "UPDATED"),
        CATALOG_REFRESHED("Catalog(s) Refreshed", null, null);

        /** Name of the workflow that automation scripts see. */
        public final String workflow;

        /** Event class of the Event Service, null where it has none. */
        public final @Nullable String serviceEvent;

        /** Status of the Event Service, null where it has none. */
        public final @Nullable String serviceStatus;

        Kind(String workflow, @Nullable String serviceEvent, @Nullable String serviceStatus) {
            this.workflow = workflow;
            this.serviceEvent = serviceEvent;
            this.serviceStatus = serviceStatus;
        }
    }
}
