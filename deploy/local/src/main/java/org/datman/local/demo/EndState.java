package org.datman.local.demo;

import java.util.ArrayList;
import java.util.List;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionSettled.SettledSeries;

/** Whether a session is finished: every series has a verdict or a reported reason, and the session was checked. */
final class EndState {

    private EndState() {}

    /** What the session still waits for; empty when finished. */
    static List<String> waitingFor(SessionHistory session) {
        List<String> waiting = new ArrayList<>();
        if (session.discovered.isEmpty()) {
            return List.of("session-discovered");
        }
        SessionDiscovered discovered = session.discovered.get();
        if (discovered.status() == SessionDiscovered.Status.DELETED) {
            return waiting;
        }
        if (session.settled.isEmpty()) {
            waiting.add("session-settled");
        } else {
            for (SettledSeries settled : session.settled.get().series()) {
                waitingFor(session.series(settled.scan()), settled.seriesRevision(), discovered, waiting);
            }
        }
        if (discovered.name().isPresent() && session.settled.isPresent()) {
            if (session.checked
                    .filter(checked ->
                            checked.settleRevision() >= session.settled.get().settleRevision())
                    .isEmpty()) {
                waiting.add("session-checked");
            } else if (!session.checked.get().pending().isEmpty()) {
                waiting.add("the check of " + session.checked.get().pending());
            }
        }
        return waiting;
    }

    private static void waitingFor(
            SeriesHistory series, long revision, SessionDiscovered session, List<String> waiting) {
        if (series.tagged.filter(tagged -> tagged.seriesRevision() >= revision).isEmpty()) {
            waiting.add("the tag of scan " + series.scan);
            return;
        }
        SeriesTagged tagged = series.tagged.get();
        if (session.name().isPresent() && !tagged.sessionName().equals(session.name())) {
            waiting.add("the new name of scan " + series.scan);
            return;
        }
        if (tagged.decision() != SeriesTagged.Decision.TAGGED) {
            return;
        }
        if (series.exported
                .filter(exported -> exported.seriesRevision() >= revision
                        && tagged.sessionName()
                                .filter(exported.sessionName()::equals)
                                .isPresent())
                .isEmpty()) {
            waiting.add("the export of scan " + series.scan);
            return;
        }
        for (SeriesExported.Product product : series.exported.get().products()) {
            if (product.measurable()) {
                String digest = product.file(FileRole.NIFTI).get().sha256();
                if (!series.measured.containsKey(product.stem())
                        || !series.measured.get(product.stem()).inputSha256().equals(digest)) {
                    waiting.add("the verdict on " + product.stem());
                }
            }
        }
    }
}
