package org.datman.export.completeness;

import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.Reason;

/**
 * What the headers of a series promise and what came.
 *
 * @param promisedImages slices (frames; a mosaic is one) in all volumes together; empty when the headers do not tell
 * @param imagesArrived the same, as came, copies left out
 * @param promisedVolumes volumes per echo and part; empty when the headers do not tell
 * @param volumesArrived volumes of which anything came
 * @param volumesComplete volumes of which all slices came
 * @param basis the elements that were counted, by name
 * @param losses what is missing, broken or cannot be trusted: the export is partial
 * @param notes what else a person may want to know
 */
public record Completeness(
        Optional<Integer> promisedImages,
        int imagesArrived,
        Optional<Integer> promisedVolumes,
        int volumesArrived,
        int volumesComplete,
        List<String> basis,
        List<Reason> losses,
        List<Reason> notes) {

    public Completeness {
        basis = List.copyOf(basis);
        losses = List.copyOf(losses);
        notes = List.copyOf(notes);
    }
}
