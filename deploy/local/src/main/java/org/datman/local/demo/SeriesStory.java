package org.datman.local.demo;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;

/** What was said of one series: the latest of each kind of event, and when. */
final class SeriesStory {

    final String scan;
    Optional<SeriesDiscovered> discovered = Optional.empty();
    Optional<SeriesTagged> tagged = Optional.empty();
    Optional<SeriesExported> exported = Optional.empty();
    final Map<String, QcComplete> measured = new TreeMap<>();
    Optional<Instant> firstDiscovered = Optional.empty();
    final Map<String, Instant> times = new TreeMap<>();

    SeriesStory(String scan) {
        this.scan = scan;
    }
}
