package org.datman.local.chaos.check;

import java.util.Set;
import org.datman.contracts.event.SessionRef;

/**
 * A session that XNAT has.
 *
 * @param session its identity
 * @param name its DATMAN name, which is its label
 * @param scans its scan ids
 * @param resources number of its associated files
 * @param like the name of the session with the same scans that was processed before any fault; its own name for that session
 */
public record ExpectedSession(SessionRef session, String name, Set<String> scans, int resources, String like) {

    public ExpectedSession {
        scans = Set.copyOf(scans);
    }

    /** Whether it was processed before any fault. */
    public boolean calm() {
        return name.equals(like);
    }
}
