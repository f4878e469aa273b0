package org.datman.export.outcome;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.provenance.Provenance;
import org.datman.export.index.SeriesState;

/**
 * Detects scans of one session from several exams (StudyInstanceUID): two exams sent as one session are only distinguished by their scan
 * names, so users should be informed. Pure.
 */
public final class OtherExams {

    private static final String CODE = "another-exam";
    private static final String BEGIN = "This scan is of another exam (StudyInstanceUID) than scans ";
    private static final String END = " of the same session";
    private static final String ACTION =
            "If the participant left the scanner and returned, this is correct; else archive each exam as a session of its own";

    /** The sentence within a text joined by {@link ExportIssues#joined}. */
    private static final Pattern SENTENCE =
            Pattern.compile("(?:^|\\. )(" + Pattern.quote(BEGIN) + ".*?" + Pattern.quote(END) + ")(?=\\. |$)");

    private OtherExams() {}

    /**
     * The note for a scan; empty when all scans are of its exam, as far as known.
     *
     * @param source its files
     * @param session the scans of the session
     */
    static Optional<Reason> of(String scan, Provenance.Source source, List<SeriesState> session) {
        return source.exam().flatMap(exam -> of(scan, exam, session));
    }

    /** @param exam digest of the StudyInstanceUID of the scan */
    private static Optional<Reason> of(String scan, String exam, List<SeriesState> session) {
        List<String> others = session.stream()
                .filter(SeriesState::isPublished)
                .filter(state -> !state.tagged().scan().equals(scan))
                .filter(state ->
                        state.exam().filter(other -> !other.equals(exam)).isPresent())
                .map(state -> state.tagged().scan())
                .toList();
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of(new Reason(CODE, BEGIN + String.join(", ", others) + END, ACTION));
    }

    /** The last published export of a scan with the current note; empty when the note is unchanged, or nothing is published. */
    public static Optional<SeriesExported> corrected(SeriesState state, List<SeriesState> session) {
        if (!state.isPublished()) {
            return Optional.empty();
        }
        SeriesExported last = state.exported().orElseThrow();
        Optional<String> published = last.reason()
                .map(Reason::message)
                .map(SENTENCE::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1));
        Optional<Reason> now = state.exam().flatMap(exam -> of(state.tagged().scan(), exam, session));
        if (published.equals(now.map(Reason::message))) {
            return Optional.empty();
        }
        List<Reason> reasons = new ArrayList<>();
        last.reason().flatMap(OtherExams::without).ifPresent(reasons::add);
        now.ifPresent(reasons::add);
        return Optional.of(last.with(next -> next.exportRevision(last.exportRevision() + 1)
                .reason(reasons.isEmpty() ? Optional.empty() : Optional.of(ExportIssues.joined(reasons)))));
    }

    /** The rest of the published reason; empty when there is none. */
    private static Optional<Reason> without(Reason published) {
        String rest = SENTENCE.matcher(published.message()).replaceFirst("").replaceFirst("^\\. ", "");
        return rest.isEmpty()
                ? Optional.empty()
                : Optional.of(new Reason(
                        published.code(), rest, published.action().equals(ACTION) ? "" : published.action()));
    }
}
