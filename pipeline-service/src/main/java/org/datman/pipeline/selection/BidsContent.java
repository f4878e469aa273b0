package org.datman.pipeline.selection;

import java.util.List;
import java.util.Map;
import org.datman.contracts.event.FileRef;

/**
 * A session in its BIDS dataset.
 *
 * @param folder of the dataset in the archive, in which all files are
 * @param files those of the session but the table of its scans, which changes with each verdict
 * @param fieldMaps of each image in it that is no field map, by its stem
 */
public record BidsContent(String folder, List<Entry> files, Map<String, FieldMap> fieldMaps) {

    public BidsContent {
        files = List.copyOf(files);
        // Stored before there were any.
        fieldMaps = fieldMaps == null ? Map.of() : Map.copyOf(fieldMaps);
    }

    /**
     * The field map that corrects an image.
     *
     * @param stems of its images, in the order of acquisition; empty when none fits
     * @param why none fits, in words; empty when one does
     */
    public record FieldMap(List<String> stems, String why) {

        public FieldMap {
            stems = List.copyOf(stems);
        }
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
