package org.datman.pipeline.selection;

import java.util.List;
import org.datman.contracts.event.FileRef;

/**
 * A session in its BIDS dataset.
 *
 * @param folder of the dataset in the archive, in which all files are
 * @param files those of the session but the table of its scans, which changes with each verdict
 */
public record BidsContent(String folder, List<Entry> files) {

    public BidsContent {
        files = List.copyOf(files);
    }

    /**
     * A file of the session.
     *
     * @param stems images that it belongs to; empty for what belongs to none
     */
    public record Entry(FileRef file, List<String> stems) {

        public Entry {
            stems = List.copyOf(stems);
        }
    }
}
