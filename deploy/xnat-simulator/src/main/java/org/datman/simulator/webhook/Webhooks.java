package org.datman.simulator.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.datman.simulator.archive.ArchiveEvent;
import org.datman.simulator.archive.Resource;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the archive's events as signed POSTs, as unreliably as configured. One attempt each, like XNAT: an unavailable receiver
 * misses the message.
 */
public final class Webhooks implements AutoCloseable {
    private static final int LOG_LIMIT = 5_000;
    private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);

    private record Message(ArchiveEvent event, Emission emission, String deliveryId, byte[] body) {}

    private final Clock clock;
    private final String source;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final ScheduledExecutorService sender = Executors.newScheduledThreadPool(2, task -> {
        Thread thread = new Thread(task, "webhook");
        thread.setDaemon(true);
        return thread;
    });
    private final Deque<Emission> next = new ArrayDeque<>();
    private final Deque<Message> held = new ArrayDeque<>();
    private final Deque<Delivery> log = new ArrayDeque<>();
    private volatile @Nullable WebhookTarget target;
    private Emission usual = Emission.canonical();
    private long workflow = 3000;

    /**
     * @param target null to send nothing (events are still logged as lost)
     * @param source the server's address in the bodies
     */
    public Webhooks(Clock clock, String source, @Nullable WebhookTarget target) {
        this.clock = clock;
        this.source = source;
        this.target = target;
    }

    /** Sends to another receiver from now on; null for none. */
    public void target(@Nullable WebhookTarget newTarget) {
        target = newTarget;
    }

    /** How events are delivered by default. */
    public synchronized void usually(Emission emission) {
        usual = emission;
    }

    /** How the next events are delivered, one after the other; later ones by default. */
    public synchronized void next(Emission... emissions) {
        next.addAll(List.of(emissions));
    }

    /** Sends an event of the archive. */
    public void emit(ArchiveEvent event) {
        Emission emission;
        synchronized (this) {
            emission = next.isEmpty() ? usual : next.removeFirst();
        }
        emit(event, emission);
    }

    /** Sends an event in a particular way. */
    public void emit(ArchiveEvent event, Emission emission) {
        String project = emission.project().isEmpty() ? event.session().project() : emission.project();
        long number;
        synchronized (this) {
            number = ++workflow;
        }
        ObjectNode body = Bodies.body(event, emission.shape(), project, source, number);
        post(new Message(event, emission, UUID.randomUUID().toString(), bytes(body, emission)));
        if (emission.storm() > 0) {
            storm(event, emission);
        }
    }

    /** Scan and resource events around a session's own, as the Event Service sends them, in turns until there are enough. */
    private void storm(ArchiveEvent event, Emission emission) {
        List<ObjectNode> parts = new ArrayList<>();
        Session session = event.session();
        for (Scan scan : session.scans()) {
            parts.add(Bodies.scan(session, scan));
            for (Resource resource : scan.resources()) {
                parts.add(Bodies.resource("/archive/experiments/" + session.id() + "/scans/" + scan.id(), resource));
            }
        }
        if (parts.isEmpty()) {
            parts.add(Bodies.body(event, Shape.EVENT_SERVICE, session.project(), source, 0));
        }
        for (int i = 0; i < emission.storm(); i++) {
            ObjectNode part = parts.get(i % parts.size());
            post(new Message(event, emission, UUID.randomUUID().toString(), bytes(part, emission)));
        }
    }

    private static byte[] bytes(ObjectNode body, Emission emission) {
        String text = body.toString();
        String sent = emission.malformed() ? text.substring(0, text.length() / 2) : text;
        return sent.getBytes(StandardCharsets.UTF_8);
    }

    private void post(Message message) {
        if (target == null || message.emission().copies() == 0) {
            note(message, Delivery.LOST);
            return;
        }
        if (message.emission().hold()) {
            synchronized (this) {
                held.addFirst(message);
            }
            return;
        }
        dispatch(message);
    }

    /** Sends the held events, newest first: they arrive in reverse order. */
    public void release() {
        List<Message> messages;
        synchronized (this) {
            messages = List.copyOf(held);
            held.clear();
        }
        // one after the other, or two connections would undo the order
        sender.execute(() -> messages.forEach(m -> {
            for (int i = 0; i < m.emission().copies(); i++) {
                send(m);
            }
        }));
    }

    private void dispatch(Message message) {
        for (int i = 0; i < message.emission().copies(); i++) {
            sender.schedule(() -> send(message), message.emission().delay().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void send(Message message) {
        WebhookTarget to = target;
        if (to == null) {
            note(message, Delivery.LOST);
            return;
        }
        String timestamp = Long.toString(clock.instant().getEpochSecond());
        byte[] secret = message.emission().forged() ? "not the secret".getBytes(StandardCharsets.UTF_8) : to.secret();
        HttpRequest request = HttpRequest.newBuilder(to.uri())
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .header("User-Agent", "XNAT-simulator")
                .header("X-Datman-Timestamp", timestamp)
                .header("X-Datman-Delivery", message.deliveryId())
                .header("X-Datman-Signature", DeliverySignature.of(secret, timestamp, message.body()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(message.body()))
                .build();
        try {
            note(
                    message,
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
        } catch (IOException e) {
            LOG.info("Webhook not received url={} error={}", to.uri(), e.toString());
            note(message, Delivery.UNREACHABLE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void note(Message message, int status) {
        if (log.size() == LOG_LIMIT) {
            log.removeFirst();
        }
        log.addLast(new Delivery(
                message.deliveryId(),
                clock.instant(),
                message.event().kind().workflow,
                message.event().session().id(),
                message.emission().shape(),
                new String(message.body(), StandardCharsets.UTF_8),
                status));
    }

    /** Sent and lost deliveries, oldest first. */
    public synchronized List<Delivery> deliveries() {
        return List.copyOf(log);
    }

    @Override
    public void close() {
        sender.shutdownNow();
    }
}
