package org.datman.xnat;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * A scan (series) of a session. Absent texts are empty.
 *
 * @param id XNAT's scan id: {@code 3}, {@code 3-MR1}; a text
 * @param uid SeriesInstanceUID
 * @param type XNAT's scan type
 * @param description SeriesDescription
 * @param quality {@code usable}, {@code questionable}, {@code unusable} or a site's own
 * @param xsiType {@code xnat:mrScanData}, for example
 * @param imageType DICOM ImageType values in order
 * @param echoNumbers numbers that XNAT keeps as MultiEcho parameters; empty when it keeps none
 */
public record XnatScan(
        String id,
        @Nullable String uid,
        String type,
        String description,
        String quality,
        String xsiType,
        List<String> imageType,
        SortedSet<Integer> echoNumbers) {

    public XnatScan {
        imageType = List.copyOf(imageType);
    }

    public Optional<String> findUid() {
        return Optional.ofNullable(uid);
    }
}
