package org.datman.contracts.provenance;

import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.Reason;

/**
 * The expected content of a series by its headers, and the content received.
 *
 * @param promisedImages slices (frames; a mosaic is one) in all volumes together; empty when the headers do not state it
 * @param imagesArrived the same as received, without copies
 * @param promisedVolumes volumes per echo and part; empty when the headers do not state it
 * @param volumesArrived volumes of which at least one slice was received
 * @param volumesComplete volumes of which all slices were received
 * @param basis names of the elements used for counting
 * @param losses missing, broken or unreliable data: the export is partial
 * @param notes other information for a person
 */
public record SeriesCompleteness(
        Optional<Integer> promisedImages,
        int imagesArrived,
        Optional<Integer> promisedVolumes,
        int volumesArrived,
        int volumesComplete,
        List<String> basis,
        List<Reason> losses,
        List<Reason> notes) {

    public SeriesCompleteness {
        basis = List.copyOf(basis);
        losses = List.copyOf(losses);
        notes = List.copyOf(notes);
    }
}
