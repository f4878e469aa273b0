package org.datman.pipeline.selection;

import org.datman.contracts.naming.DatmanId;

/** The labels of a session in BIDS, without {@code sub-} and {@code ses-}. */
public final class BidsLabels {

    private BidsLabels() {}

    /** {@code CMH0001}. */
    public static String subject(DatmanId id) {
        return id.bidsSubject();
    }

    /**
     * {@code 01}: the timepoint. A repeat other than the first is a session of its own, {@code 01r02}: field maps and run numbers of two
     * visits to the scanner must not mix. Timepoints have no lower-case letters, so that no two sessions have the same label.
     */
    public static String session(DatmanId id) {
        return id.bidsSession()
                + id.findSession()
                        .filter(repeat -> !repeat.equals("01"))
                        .map(repeat -> "r" + repeat)
                        .orElse("");
    }
}
