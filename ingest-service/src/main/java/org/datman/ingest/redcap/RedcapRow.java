package org.datman.ingest.redcap;

/**
 * One row of REDCap's export: a form of a record, at one event of the project.
 *
 * @param record its id
 * @param event REDCap's name of the event; empty in a project without events
 * @param session name of the session as typed
 * @param date day of the scan as stored
 * @param complete value of the form's state
 */
record RedcapRow(String record, String event, String session, String date, String complete) {

    RedcapKey key() {
        return new RedcapKey(record, event);
    }
}
