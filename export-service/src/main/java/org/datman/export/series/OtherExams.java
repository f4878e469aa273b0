package org.datman.export.series;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.export.publish.SeriesState;

/**
 * That scans of one session are of several exams (StudyInstanceUID): two exams sent as one session are kept apart by their scans'
 * names, and whoever looks at one of them should know. Pure.
 */
final class OtherExams {

    private static final String CODE = "another-exam";
    private static final String BEGIN = "This scan is of another exam (StudyInstanceUID) than scans ";
    private static final String END = " of the same session";
    private static final String ACTION =
            "If the participant was taken out and came back, all is well; else archive each exam as a session of its own on XNAT";

    /** The sentence among others, as {@link ExportIssues#joined} puts them together. */
    private static final Pattern SENTENCE =
            Pattern.compile("(?:^|\\. )(" + Pattern.quote(BEGIN) + ".*?" + Pattern.quote(END) + ")(?=\\. |$)");

    private OtherExams() {}

    /**
     * What is to be told of a scan; empty when all scans are of its exam, as far as it is known.
     *
     * @param exam digest of its StudyInstanceUID
     * @param session the scans of the session
     */
    static Optional<Reason> of(String scan, Optional<String> exam, List<SeriesState> session) {
        List<String> others = session.stream()
                .filter(SeriesState::stands)
                .filter(state -> !state.tagged().scan().equals(scan))
                .filter(state -> exam.isPresent()
                        && state.exam().isPresent()
                        && !state.exam().equals(exam))
                .map(state -> state.tagged().scan())
                .toList();
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of(new Reason(CODE, BEGIN + String.join(", ", others) + END, ACTION));
    }

    /** What was said of a scan last with what is so now; empty when that is what was said, or nothing of it is published. */
    static Optional<SeriesExported> corrected(SeriesState state, List<SeriesState> session) {
        if (!state.stands()) {
            return Optional.empty();
        }
        SeriesExported last = state.exported().orElseThrow();
        Optional<String> told = last.reason()
                .map(Reason::message)
                .map(SENTENCE::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1));
        Optional<Reason> now = of(state.tagged().scan(), state.exam(), session);
        if (told.equals(now.map(Reason::message))) {
            return Optional.empty();
        }
        List<Reason> reasons = new ArrayList<>();
        last.reason().flatMap(OtherExams::without).ifPresent(reasons::add);
        now.ifPresent(reasons::add);
        return Optional.of(last.with(next -> next.exportRevision(last.exportRevision() + 1)
                .reason(reasons.isEmpty() ? Optional.empty() : Optional.of(ExportIssues.joined(reasons)))));
    }

    /** The rest of what was told; empty when there is none. */
    private static Optional<Reason> without(Reason told) {
        String rest = SENTENCE.matcher(told.message()).replaceFirst("").replaceFirst("^\\. ", "");
        return rest.isEmpty()
                ? Optional.empty()
                : Optional.of(new Reason(told.code(), rest, told.action().equals(ACTION) ? "" : told.action()));
    }
}
