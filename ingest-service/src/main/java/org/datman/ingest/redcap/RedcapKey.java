package org.datman.ingest.redcap;

/**
 * Where a form is in a project.
 *
 * @param record id of the record
 * @param event REDCap's name of the event; empty in a project without events
 */
record RedcapKey(String record, String event) {

    /** For people: {@code record 12}. */
    String words() {
        return "record " + record + (event.isEmpty() ? "" : " event " + event);
    }
}
