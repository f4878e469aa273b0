package org.datman.ingest.redcap;

/**
 * Where a form is in a project.
 *
 * @param record id of the record
 * @param event REDCap's name of the event; empty in a project without events
 */
record RedcapKey(String record, String event) {

    /** No name of an event: REDCap's are of small letters, digits and underscores. */
    private static final String NOT_EXPORTED = "(not exported)";

    /** Of a record that REDCap does not export, beside those of its forms that were read before. */
    static RedcapKey ofRefused(String record) {
        return new RedcapKey(record, NOT_EXPORTED);
    }

    /** For people: {@code record 12}. */
    String words() {
        return "record " + record + (event.isEmpty() || event.equals(NOT_EXPORTED) ? "" : " event " + event);
    }
}
