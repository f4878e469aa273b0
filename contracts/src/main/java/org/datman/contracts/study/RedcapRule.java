package org.datman.contracts.study;

import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The form in REDCap that a study expects of each session. The token is no part of it: it comes from ingest's environment.
 *
 * @param url of REDCap's API: the only address that is asked
 * @param project number of the project in REDCap
 * @param instrument the form that is filled in when a session was scanned
 * @param recordField field with the id of the record
 * @param sessionField field with the name of the session
 * @param dateField field with the day of the scan
 * @param complete values of the field {@code <instrument>_complete} that count
 * @param delay how long after one of both the other may come
 * @param from first day of scans of which a form is expected; null for all
 * @param exceptions sessions, or timepoints with all their repeats, of which a form or scans are there alone, rightly: their names as DATMAN has them
 */
public record RedcapRule(
        URI url,
        String project,
        String instrument,
        String recordField,
        String sessionField,
        String dateField,
        Set<String> complete,
        Duration delay,
        @Nullable LocalDate from,
        Set<String> exceptions) {

    /** Whether a form or scans of that session, or of that timepoint, may be there alone. */
    public boolean isException(String name) {
        return exceptions.stream()
                .anyMatch(one -> (name + "_").startsWith(one + "_") || (one + "_").startsWith(name + "_"));
    }

    /** REDCap's own field for the state of the form. */
    public String completeField() {
        return instrument + "_complete";
    }

    /** First day of scans of which a form is expected. */
    public Optional<LocalDate> findFrom() {
        return Optional.ofNullable(from);
    }
}
