package org.datman.contracts.event;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * From a day on, an exported series is the standard for its study, site and tag.
 *
 * @param validFrom the first day on which it applies
 * @param session session of the series
 * @param stem the exported image
 * @param sidecar its sidecar JSON in the archive
 * @param dicom its kept DICOM in the archive, when there is one
 * @param setBy login name
 */
@WithBuilder
public record GoldStandardSet(
        String study,
        String site,
        String tag,
        LocalDate validFrom,
        SessionRef session,
        String stem,
        FileRef sidecar,
        Optional<FileRef> dicom,
        String setBy,
        Instant time)
        implements Event.OfSession, GoldStandardSetBuilder.With {

    @Override
    public String key() {
        return study + "/" + site + "/" + tag;
    }

    @Override
    public String identity() {
        return key();
    }

    @Override
    public String revision() {
        return validFrom + "@" + sidecar.sha256() + "@" + time;
    }

    @Override
    public Optional<ScanId> scanId() {
        return Optional.empty();
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(time);
    }

    @Override
    public String summary() {
        return setBy + " made " + stem + " the gold standard of " + key() + " from " + validFrom;
    }
}
