package org.datman.platform.event;

import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.datman.contracts.event.SeriesDiscovered;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Consumes series events and follows the test's script for the scan: fails a number of times, or always. */
@Singleton
public class ScriptedHandler {

    /** The exceptions to throw for a scan, in order; then it succeeds. */
    final Map<String, List<Exception>> script = new ConcurrentHashMap<>();

    /** Scans in the order in which they were completed. */
    final List<String> handled = new CopyOnWriteArrayList<>();

    @Inject
    EventConsumer consumer;

    @Incoming("series-discovered")
    @Blocking
    CompletionStage<Void> on(Message<byte[]> message) {
        return consumer.consume(message, SeriesDiscovered.class, "tag", envelope -> {
            String scan = envelope.event().scan();
            List<Exception> todo = script.getOrDefault(scan, List.of());
            if (!todo.isEmpty()) {
                throw todo.remove(0);
            }
            handled.add(scan);
        });
    }
}
