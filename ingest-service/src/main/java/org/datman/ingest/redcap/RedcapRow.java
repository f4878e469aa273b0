package org.datman.ingest.redcap;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;

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

    private static final int LENGTH_OF_DAY = 10;

    /**
     * The day of a date, or of a date with the time behind a blank: REDCap exports both as year-month-day.
     *
     * @throws DateTimeParseException when it is neither
     */
    static LocalDate day(String value) {
        return LocalDate.parse(value.substring(0, Math.min(LENGTH_OF_DAY, value.length())));
    }

    RedcapKey key() {
        return new RedcapKey(record, event);
    }
}
