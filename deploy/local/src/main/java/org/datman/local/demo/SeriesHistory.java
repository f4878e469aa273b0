package org.datman.local.demo;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;

/** The events of one series: the latest of each kind, with its time. */
final class SeriesHistory {

    final String scan;
    Optional<SeriesDiscovered> discovered = Optional.empty();
    Optional<SeriesTagged> tagged = Optional.empty();
    Optional<SeriesExported> exported = Optional.empty();
    final Map<String, QcComplete> measured = new TreeMap<>();
    Optional<Instant> firstDiscovered = Optional.empty();
    final Map<String, Instant> times = new TreeMap<>();

    /** Results on the images that are published now; those of withdrawn ones are history. */
    List<QcComplete> current() {
        return exported.map(SeriesExported::products).orElse(List.of()).stream()
                .flatMap(product -> Optional.ofNullable(measured.get(product.stem())).stream())
                .toList();
    }

    SeriesHistory(String scan) {
        this.scan = scan;
    }
}
