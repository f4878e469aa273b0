package org.datman.export.series;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.export.publish.SeriesState;

/**
 * One tagging to be followed.
 *
 * @param cause the event that asks for it: the tagging itself, or a request to do it again
 * @param tagged the tagging
 * @param taggedId the tagging's event id
 * @param taggedAt when it was said
 * @param before what the archive holds of the scan
 * @param parts the series of which its image is made; itself first
 * @param anew whether everything is to be done again although nothing changed
 * @param started when the work began
 */
record ExportRequest(
        Envelope<?> cause,
        SeriesTagged tagged,
        String taggedId,
        Instant taggedAt,
        Optional<SeriesState> before,
        Parts parts,
        boolean anew,
        Instant started) {

    /**
     * Whether a person asks for this very scan once more after having been told that its new export would hold less than the one
     * that stands: then less is right.
     */
    boolean takesLess() {
        return cause.event() instanceof ReprocessRequested request
                && request.scan().isPresent()
                && !request.requestedBy().equals("export")
                && last().flatMap(SeriesExported::renewal)
                        .filter(renewal -> renewal.code().equals(Renewal.WORSE))
                        .isPresent();
    }

    /** What was said of the scan last. */
    Optional<SeriesExported> last() {
        return before.flatMap(SeriesState::exported);
    }

    /** The number of the next export of this scan. */
    long nextRevision() {
        return last().map(SeriesExported::exportRevision).orElse(0L) + 1;
    }

    /** What the archive holds when nothing but the tagging is known of it yet. */
    SeriesState received() {
        return new SeriesState(
                tagged,
                taggedId,
                taggedAt,
                last(),
                before.map(SeriesState::images).orElse(List.of()),
                before.map(SeriesState::dicoms).orElse(List.of()),
                before.map(SeriesState::conversionKey).orElse(""),
                before.map(SeriesState::unsettled).orElse(List.of()),
                before.flatMap(SeriesState::exam));
    }

    /** What the archive holds once {@code exported} is true. */
    SeriesState after(
            SeriesExported exported,
            List<SeriesState.KeptImage> images,
            List<SeriesState.KeptDicom> dicoms,
            String conversionKey) {
        return new SeriesState(
                tagged,
                taggedId,
                taggedAt,
                Optional.of(exported),
                images,
                dicoms,
                conversionKey,
                List.of(),
                Optional.empty());
    }

    /** The same for an outcome without files. */
    SeriesState afterNothing(SeriesExported exported) {
        return after(exported, List.of(), List.of(), "");
    }
}
