package org.datman.export.request;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.KeptDicom;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.study.Format;
import org.datman.export.index.SeriesState;
import org.jspecify.annotations.Nullable;

/**
 * A tagging to be exported.
 *
 * @param cause the event that caused it: the tagging itself, or a reprocess request
 * @param tagged the tagging
 * @param taggedId the tagging's event id
 * @param taggedAt when it was published
 * @param previous the exported state of the scan, null if there is none
 * @param parts the series that form its image; itself first
 * @param force whether everything is repeated although nothing changed
 * @param started when the work started
 */
public record ExportRequest(
        Envelope<?> cause,
        SeriesTagged tagged,
        String taggedId,
        Instant taggedAt,
        @Nullable SeriesState previous,
        Parts parts,
        boolean force,
        Instant started) {

    /** The exported state of the scan before this request. */
    public Optional<SeriesState> before() {
        return Optional.ofNullable(previous);
    }

    /** The last published export of the scan. */
    public Optional<SeriesExported> last() {
        return before().flatMap(SeriesState::exported);
    }

    /** Whether files of the scan are published. */
    public boolean isPublished() {
        return before().filter(SeriesState::isPublished).isPresent();
    }

    /** The earlier export of exactly the tagged files; empty when everything must be repeated. */
    public Optional<SeriesState> reusable() {
        return before().filter(state -> !force).filter(state -> state.exported()
                .filter(e -> e.outcome() == Outcome.EXPORTED || e.outcome() == Outcome.PARTIAL)
                .flatMap(SeriesExported::source)
                .filter(source -> source.fingerprint().equals(parts.fingerprint()))
                .isPresent());
    }

    /** Whether a tag requests the format. */
    public boolean wants(Format format) {
        return tagged.assignments().stream()
                .anyMatch(assignment -> assignment.formats().contains(format.key()));
    }

    /** How the study keeps the DICOM file of a series. */
    public KeptDicom keptDicom() {
        return tagged.keptDicom().orElse(KeptDicom.BLANKED);
    }

    /**
     * Whether an export has the files and the names of this request.
     *
     * @param conversionKey of the images that would be exported
     */
    public boolean isSame(SeriesExported exported, String conversionKey) {
        return exported.runKey().equals(ExportKey.of(conversionKey, tagged))
                && exported.study().equals(tagged.study().orElse(""))
                && exported.sessionName().equals(tagged.sessionName().orElse(""));
    }

    /** The number of the next export of this scan. */
    public long nextRevision() {
        return last().map(SeriesExported::exportRevision).orElse(0L) + 1;
    }

    /** The initial state, with only the tagging. */
    public SeriesState received() {
        return new SeriesState(
                tagged,
                taggedId,
                taggedAt,
                last(),
                before().map(SeriesState::images).orElse(List.of()),
                before().map(SeriesState::dicoms).orElse(List.of()),
                before().map(SeriesState::conversionKey).orElse(""),
                before().map(SeriesState::unsettled).orElse(List.of()),
                before().flatMap(SeriesState::exam));
    }

    /** The state once {@code exported} is published. */
    public SeriesState after(
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

    /** The state once {@code exported} is published with the files of {@code state}. */
    public SeriesState after(SeriesExported exported, SeriesState state) {
        return after(exported, state.images(), state.dicoms(), state.conversionKey())
                .withExam(state.exam().orElse(null));
    }

    /** The state for an outcome without files. */
    public SeriesState afterNothing(SeriesExported exported) {
        return after(exported, List.of(), List.of(), "");
    }
}
