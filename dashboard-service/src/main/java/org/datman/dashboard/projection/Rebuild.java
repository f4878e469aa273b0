package org.datman.dashboard.projection;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.EventType;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ScanId;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.event.Texts;
import org.datman.platform.event.TransientErrors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Drops the read model and reads it again from the topics. Runs concurrently with normal consumption, which is harmless because
 * the order of events does not matter. The request is stored, so that a rebuild is resumed at the next start after a crash.
 */
@ApplicationScoped
public class Rebuild {

    private static final Logger LOG = Logger.getLogger(Rebuild.class);
    private static final Duration POLL = Duration.ofMillis(300);
    private static final int PROGRESS_EVERY = 500;
    private static final long PAUSE_MILLIS = 2_000;
    private static final int ATTEMPTS_AT_A_FAULT = 2;

    private final Jdbi jdbi;
    private final RebuildStates states;
    private final Projector projector;
    private final EventPublisher publisher;
    private final Clock clock;
    private final Map<String, Object> kafka;
    private final boolean atStart;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile boolean stopping;

    Rebuild(
            @EveryStudy Jdbi jdbi,
            RebuildStates states,
            Projector projector,
            EventPublisher publisher,
            Clock clock,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            @ConfigProperty(name = "datman.dashboard.rebuild") boolean atStart) {
        this.jdbi = jdbi;
        this.states = states;
        this.projector = projector;
        this.publisher = publisher;
        this.clock = clock;
        this.kafka = kafka;
        this.atStart = atStart;
    }

    /**
     * The progress of a rebuild.
     *
     * @param wanted whether one is running
     * @param events how many events were read so far
     */
    public record Progress(
            boolean wanted,
            @Nullable Instant started,
            @Nullable Instant ended,
            long events) {}

    void onStart(@Observes StartupEvent event) {
        if (atStart || progress().wanted()) {
            start();
        }
    }

    void onStop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    /** The running rebuild, or the last. */
    @Transactional
    public Progress progress() {
        return states.only().progress();
    }

    /** Starts a rebuild unless one is running; returns at once. */
    public void start() {
        if (running.compareAndSet(false, true)) {
            Thread thread = new Thread(this::run, "dashboard-rebuild");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void run() {
        try {
            while (!stopping) {
                try {
                    drop();
                    long events = readAll();
                    if (!stopping) {
                        end(events);
                        LOG.infof("Read model rebuilt events=%d", events);
                    }
                    return;
                } catch (RuntimeException | Error e) {
                    // Errors too: a rebuild that ended silently would be shown as running forever.
                    LOG.warnf(e, "The rebuild will be retried");
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running.set(false);
        }
    }

    @Transactional
    void drop() {
        states.only().start(clock.instant());
        // SQL: all rows of all derived tables at once.
        jdbi.useHandle(handle -> handle.execute(
                "truncate latest_event, timeline_event, session, series, metric, failure, alarm, latest_run"));
    }

    @Transactional
    void progressed(long events) {
        states.only().read(events);
    }

    @Transactional
    void end(long events) {
        states.only().end(clock.instant(), events);
    }

    private long readAll() throws InterruptedException {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG));
        kafka.forEach((key, value) -> {
            if (ConsumerConfig.configNames().contains(key)) {
                config.put(key, value);
            }
        });
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        long events = 0;
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = Arrays.stream(EventType.values())
                    .flatMap(type -> consumer.partitionsFor(type.topic()).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (!stopping
                    && ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    read(record);
                    if (++events % PROGRESS_EVERY == 0) {
                        progressed(events);
                    }
                }
            }
        }
        return events;
    }

    /** An unreadable record was dead-lettered when it was first consumed, and its processing-failed is among the events. */
    private void read(ConsumerRecord<String, byte[]> record) throws InterruptedException {
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            if (header.value() != null) {
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        try {
            apply(EventJson.read(headers, record.value()));
        } catch (EventFormatException e) {
            LOG.warnf(
                    "Unreadable record left out of the rebuild record=%s-%d@%d error=%s",
                    record.topic(), record.partition(), record.offset(), e.getMessage());
        }
    }

    /** Retries during an outage; an event that cannot be processed is skipped and reported, as on first consumption. */
    void apply(Envelope<?> envelope) throws InterruptedException {
        for (int attempt = 1; !stopping; attempt++) {
            try {
                projector.apply(envelope);
                return;
            } catch (RuntimeException e) {
                if (!TransientErrors.isOutage(e) && attempt >= ATTEMPTS_AT_A_FAULT) {
                    leaveOut(envelope, attempt, e);
                    return;
                }
                LOG.warnf("Will be retried event=%s attempt=%d error=%s", envelope.id(), attempt, e.toString());
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    private void leaveOut(Envelope<?> envelope, int attempts, RuntimeException e) {
        LOG.errorf(e, "Event left out of the rebuild event=%s", envelope.id());
        publisher.publish(
                envelope,
                ProcessingFailedBuilder.builder()
                        .service(publisher.service())
                        .stage("rebuild")
                        .kind(ProcessingFailed.Kind.PERMANENT)
                        .attempts(attempts)
                        .reason(new Reason(
                                "unexpected-error",
                                "The read model was rebuilt without "
                                        + envelope.event().identity() + " of "
                                        + envelope.event().type().topic() + ": " + Texts.of(e),
                                "Look at the log of " + publisher.service() + " for event " + envelope.id()
                                        + ", then press 'Rebuild' on the page Operations"))
                        .time(clock.instant())
                        .session(envelope.event().sessionRef())
                        .scan(envelope.event().scanId().map(ScanId::text))
                        .cause(Optional.of(envelope.id().toString()))
                        .build());
    }
}
