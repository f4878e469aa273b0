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
 * A tagging to be exported.
 *
 * @param cause the event that caused it: the tagging itself, or a reprocess request
 * @param tagged the tagging
 * @param taggedId the tagging's event id
 * @param taggedAt when it was published
 * @param before the exported state of the scan
 * @param parts the series that form its image; itself first
 * @param force whether everything is repeated although nothing changed
 * @param started when the work started
 */
record ExportRequest(
        Envelope<?> cause,
        SeriesTagged tagged,
        String taggedId,
        Instant taggedAt,
        Optional<SeriesState> before,
        Parts parts,
        boolean force,
        Instant started) {

    /**
     * Whether a person requests exactly this scan again after the report that its new export would contain less than the
     * current one: then the smaller export is accepted.
     */
    boolean takesLess() {
        return cause.event() instanceof ReprocessRequested request
                && request.scan().isPresent()
                && !request.requestedBy().equals("export")
                && last().flatMap(SeriesExported::renewal)
                        .filter(renewal -> renewal.code().equals(Renewal.WORSE))
                        .isPresent();
    }

    /** The last published export of the scan. */
    Optional<SeriesExported> last() {
        return before.flatMap(SeriesState::exported);
    }

    /** The number of the next export of this scan. */
    long nextRevision() {
        return last().map(SeriesExported::exportRevision).orElse(0L) + 1;
    }

    /** The initial state, with only the tagging. */
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

    /** The state once {@code exported} is published. */
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

    /** The export for an outcome without files. */
    SeriesState afterNothing(SeriesExported exported) {
        return after(exported, List.of(), List.of(), "");
    }
}
