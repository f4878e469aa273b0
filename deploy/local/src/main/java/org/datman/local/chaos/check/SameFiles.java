package org.datman.local.chaos.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesExported;
import org.datman.local.chaos.check.Violation.Kind;

/** Every file that the newest event about a thing publishes is in the archive with its digest. */
final class SameFiles {

    private SameFiles() {}

    static List<Violation> in(RecordedHistory history) {
        Map<String, Event> newest = new LinkedHashMap<>();
        for (RecordedEvent one : history.events()) {
            newest.merge(
                    one.topic() + " " + one.event().identity(),
                    one.event(),
                    (old, other) -> other.order().isOlderThan(old.order()) ? old : other);
        }
        Map<String, String> digests = new HashMap<>();
        history.files().forEach(file -> digests.put(file.path(), file.sha256()));
        List<Violation> violations = new ArrayList<>();
        newest.values().forEach(event -> files(event).forEach(file -> {
            String digest = digests.get(file.path());
            if (digest == null) {
                violations.add(new Violation(
                        Kind.PUBLISHED_FILE,
                        file.path(),
                        "is published by " + event.type().topic() + " of " + event.identity()
                                + " and is not in the archive"));
            } else if (!digest.equals(file.sha256())) {
                violations.add(new Violation(
                        Kind.PUBLISHED_FILE,
                        file.path(),
                        "has digest " + digest + ", published by "
                                + event.type().topic() + " of " + event.identity() + " with " + file.sha256()));
            }
        }));
        return violations;
    }

    private static Stream<FileRef> files(Event event) {
        if (event instanceof SeriesExported export) {
            return export.products().stream().flatMap(product -> product.files().stream());
        }
        if (event instanceof ResourceExported resource) {
            return resource.file().stream();
        }
        return event instanceof QcComplete qc ? qc.files().stream() : Stream.of();
    }
}
