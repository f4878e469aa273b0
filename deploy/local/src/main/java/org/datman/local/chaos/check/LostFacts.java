package org.datman.local.chaos.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.ScanId;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.local.chaos.check.Violation.Kind;

/** Each session and series that XNAT has is discovered, tagged, exported, measured and checked, or a failure names why not. */
final class LostFacts {

    private final List<Event> events;
    private final List<Violation> violations = new ArrayList<>();

    private LostFacts(List<Event> events) {
        this.events = events;
    }

    static List<Violation> in(RecordedHistory history, List<ExpectedSession> expected) {
        LostFacts lost = new LostFacts(
                history.events().stream().map(RecordedEvent::event).toList());
        expected.forEach(lost::session);
        return lost.violations;
    }

    private void session(ExpectedSession expected) {
        SessionRef session = expected.session();
        if (latest(SessionDiscovered.class, session, "").isEmpty()) {
            lost(session, "", expected.name(), "was never discovered");
            return;
        }
        for (String scan : expected.scans()) {
            series(session, scan, expected.name() + ", scan " + scan);
        }
        long resources = events.stream()
                .filter(event -> event instanceof ResourceExported && ofSession(event, session))
                .map(Event::identity)
                .distinct()
                .count();
        if (resources < expected.resources()) {
            lost(
                    session,
                    "",
                    expected.name(),
                    expected.resources() + " associated files are on XNAT, " + resources + " were exported");
        }
        Optional<SessionSettled> settled = latest(SessionSettled.class, session, "");
        if (settled.isEmpty()) {
            lost(session, "", expected.name(), "never settled");
            return;
        }
        Set<String> held = settled.get().series().stream()
                .map(SessionSettled.SettledSeries::scan)
                .collect(Collectors.toSet());
        if (!held.containsAll(expected.scans())) {
            lost(session, "", expected.name(), "settled with the scans " + held + " of " + expected.scans());
        }
        Optional<SessionChecked> checked = latest(SessionChecked.class, session, "")
                .filter(one -> one.settleRevision() == settled.get().settleRevision());
        if (checked.isEmpty()) {
            lost(session, "", expected.name(), "was not checked after it had settled last");
        } else if (!checked.get().pending().isEmpty()) {
            lost(
                    session,
                    "",
                    expected.name(),
                    "was checked last while " + checked.get().pending() + " was pending");
        }
    }

    private void series(SessionRef session, String scan, String where) {
        Optional<SeriesDiscovered> discovered = latest(SeriesDiscovered.class, session, scan);
        if (discovered.isEmpty()) {
            lost(session, scan, where, "was never discovered");
            return;
        }
        Optional<SeriesTagged> tagged = latest(SeriesTagged.class, session, scan)
                .filter(one -> one.seriesRevision() >= discovered.get().seriesRevision());
        if (tagged.isEmpty()) {
            lost(
                    session,
                    scan,
                    where,
                    "was not tagged at revision " + discovered.get().seriesRevision());
            return;
        }
        if (tagged.get().decision() != SeriesTagged.Decision.TAGGED) {
            return;
        }
        Optional<SeriesExported> exported = latest(SeriesExported.class, session, scan)
                .filter(one -> one.seriesRevision() >= tagged.get().seriesRevision());
        if (exported.isEmpty()) {
            lost(
                    session,
                    scan,
                    where,
                    "was not exported at revision " + tagged.get().seriesRevision());
            return;
        }
        for (SeriesExported.Product product : exported.get().products()) {
            if (product.measurable() && !measured(session, scan, product)) {
                lost(session, scan, where, product.stem() + " was not measured");
            }
        }
    }

    private boolean measured(SessionRef session, String scan, SeriesExported.Product product) {
        String digest = product.file(FileRole.NIFTI).orElseThrow().sha256();
        return events.stream()
                .filter(event -> ofSession(event, session))
                .anyMatch(event -> event instanceof QcComplete qc
                        && qc.scan().equals(scan)
                        && qc.stem().equals(product.stem())
                        && qc.inputSha256().equals(digest));
    }

    /** A failure that names why is no loss. */
    private void lost(SessionRef session, String scan, String where, String what) {
        boolean named = events.stream()
                .anyMatch(event -> event instanceof ProcessingFailed failure
                        && failure.kind() != ProcessingFailed.Kind.TRANSIENT
                        && failure.session().filter(session::equals).isPresent()
                        && failure.scan().orElse("").equals(scan));
        if (!named) {
            violations.add(new Violation(Kind.LOST, where, what));
        }
    }

    private <E extends Event> Optional<E> latest(Class<E> type, SessionRef session, String scan) {
        return events.stream()
                .filter(event -> type.isInstance(event)
                        && ofSession(event, session)
                        && event.scanId().map(ScanId::text).orElse("").equals(scan))
                .map(type::cast)
                .reduce((one, other) -> other.order().isOlderThan(one.order()) ? one : other);
    }

    private static boolean ofSession(Event event, SessionRef session) {
        return event.sessionRef().filter(session::equals).isPresent();
    }
}
