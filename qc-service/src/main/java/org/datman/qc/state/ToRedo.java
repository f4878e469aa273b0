package org.datman.qc.state;

import java.nio.charset.StandardCharsets;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.SessionRef;

/**
 * A result that is outdated by newer definitions or another gold standard.
 *
 * @param event the result as it was stored
 * @param outdated whether it was stored under other definitions than the current ones
 * @param asked number of requests to re-evaluate it
 */
public record ToRedo(SessionRef session, String scan, String stem, String event, boolean outdated, long asked) {

    /**
     * The result itself.
     *
     * @throws EventFormatException when it was stored in a form that this program cannot read
     */
    public QcComplete result() throws EventFormatException {
        return EventJson.read(event.getBytes(StandardCharsets.UTF_8), QcComplete.class);
    }

    ResultKey key() {
        return new ResultKey(session.identity(), scan, stem);
    }
}
