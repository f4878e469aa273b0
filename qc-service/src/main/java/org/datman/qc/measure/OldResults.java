package org.datman.qc.measure;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Product;
import org.datman.contracts.event.SessionRef;
import org.datman.platform.archive.Archive;
import org.datman.platform.archive.Withdrawal;
import org.datman.qc.state.QcState;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Withdraws pictures, numbers and reports from their public names once their image is gone: a picture of a person's head is kept no longer
 * than the image that it shows. They are moved beside the image's own files, with a note of the reason; the event that withdrew the image reports it.
 */
@ApplicationScoped
class OldResults {

    private static final Logger LOG = Logger.getLogger(OldResults.class);

    private final QcState state;
    private final Archive archive;
    private final Withdrawal withdrawal;

    OldResults(QcState state, Archive archive, Withdrawal withdrawal) {
        this.state = state;
        this.archive = archive;
        this.withdrawal = withdrawal;
    }

    /** Results on images of a series that its new export does not have, or has under another name. Safe to repeat. */
    void withdrawGone(Envelope<SeriesExported> cause) throws IOException {
        SeriesExported exported = cause.event();
        Set<String> stay = pathsOfCurrent(exported.session());
        for (QcComplete result : results(exported.session())) {
            if (result.scan().equals(exported.scan()) && !isOf(exported, result)) {
                Reason why = exported.reason()
                        .orElseGet(() ->
                                Reason.of("image-is-gone", "The newest export of the series does not have this image"));
                withdraw(cause, result, paths(result, stay), why);
            }
        }
    }

    /** A result that is not published: its image was withdrawn during the measurement. The result of an image that still exists will be replaced. */
    void withdrawDropped(Envelope<?> cause, QcComplete result) throws IOException {
        SessionRef session = result.session();
        if (!isOf(exported(session, result.scan()).orElse(null), result)) {
            withdraw(
                    cause,
                    result,
                    paths(result, pathsOfCurrent(session)),
                    Reason.of("image-is-gone", "The image was withdrawn while it was measured"));
        }
    }

    /** The image may now belong to another series of the session: the files that the other result names stay. */
    private Set<String> pathsOfCurrent(SessionRef session) {
        Map<String, Optional<SeriesExported>> exports = new HashMap<>();
        Set<String> paths = new HashSet<>();
        for (QcComplete result : results(session)) {
            Optional<SeriesExported> current = exports.computeIfAbsent(result.scan(), scan -> exported(session, scan));
            if (isOf(current.orElse(null), result)) {
                result.files().forEach(file -> paths.add(file.path()));
            }
        }
        return paths;
    }

    private List<QcComplete> results(SessionRef session) {
        return QuarkusTransaction.requiringNew().call(() -> state.resultsOf(session));
    }

    private Optional<SeriesExported> exported(SessionRef session, String scan) {
        return QuarkusTransaction.requiringNew().call(() -> state.exported(session, scan));
    }

    /** Files of the previous result that the new one does not have, such as a picture of a fault that is no longer found. */
    void withdrawReplaced(Envelope<?> cause, QcComplete before, QcComplete now) throws IOException {
        Set<String> stay = new HashSet<>();
        now.files().forEach(file -> stay.add(file.path()));
        withdraw(
                cause,
                before,
                paths(before, stay),
                Reason.of("replaced", "The newest result on the image does not have this file"));
    }

    private static List<String> paths(QcComplete result, Set<String> stay) {
        return result.files().stream()
                .map(FileRef::path)
                .filter(path -> !stay.contains(path))
                .toList();
    }

    private void withdraw(Envelope<?> cause, QcComplete result, List<String> paths, Reason why) throws IOException {
        if (paths.isEmpty()) {
            return;
        }
        archive.requireThere();
        withdrawal.withdraw(paths, result.session(), result.scan(), why, cause.id());
        LOG.infof("Files of a result are withdrawn result=%s reason=%s", result.stem(), why.message());
    }

    /** @param exported the current export of its scan, or null when there is none */
    private static boolean isOf(@Nullable SeriesExported exported, QcComplete result) {
        return exported != null
                && exported.study().equals(result.study())
                && exported.sessionName().equals(result.sessionName())
                && exported.products().stream().map(Product::stem).anyMatch(result.stem()::equals);
    }
}
