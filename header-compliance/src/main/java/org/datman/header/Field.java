package org.datman.header;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.datman.contracts.study.Severity;
import org.datman.contracts.study.Tolerance;

/**
 * A row of the table of fields.
 *
 * @param name dcm2niix's name where it has one
 * @param kind topic of the field
 * @param unit of the record's numbers
 * @param compare how two values are compared
 * @param tolerance how far numbers may be apart
 * @param severity how much a difference matters
 * @param tracked it varies from session to session: only its course over time matters
 * @param vendors vendors that have it, lower case; empty for all
 * @param sidecarFactor from the sidecar's unit to the record's; empty if no sidecar has it
 * @param sources where DICOM has it, in the order they are tried
 */
public record Field(
        String name,
        Kind kind,
        String unit,
        Comparator compare,
        Tolerance tolerance,
        Severity severity,
        boolean tracked,
        Set<String> vendors,
        OptionalDouble sidecarFactor,
        List<Source> sources) {

    /** Topic of a field. */
    public enum Kind {
        IDENTITY,
        TIMING,
        GEOMETRY,
        CONTRAST,
        ENCODING,
        RECON,
        HARDWARE,
        ENVIRONMENT
    }

    /** Whether a record could have this field at all; if not, its absence is irrelevant. */
    boolean knowableIn(ParameterRecord header) {
        boolean vendorHasIt = vendors.isEmpty() || header.vendor().isEmpty() || vendors.contains(header.vendor());
        boolean sidecarHasIt = sidecarFactor.isPresent() && header.origins().contains(Origin.SIDECAR);
        return vendorHasIt
                && (sidecarHasIt
                        || sources.stream().anyMatch(source -> source.expectedOf(header.origins(), header.vendor())));
    }
}
