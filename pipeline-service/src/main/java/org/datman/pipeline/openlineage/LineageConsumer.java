package org.datman.pipeline.openlineage;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.openlineage.client.OpenLineage.RunEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.EventType;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ScanId;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.topic.Topics;
import org.datman.pipeline.run.Jobs;
import org.datman.platform.archive.Archive;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.event.Texts;
import org.datman.platform.work.WorkerThreads;
import org.datman.platform.work.Workers;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the run events of all exports and pipeline runs, oldest first, where {@code datman.openlineage.url} names an address; else
 * it does nothing. The offsets of its consumer group are what was delivered: an event is delivered at least once, whatever stops in
 * between, and switching it on for the first time delivers the whole history.
 *
 * <p>Not a channel of {@code Topics}: those are there whether they are wanted or not, and one that is off would have to skip.
 */
@ApplicationScoped
class LineageConsumer {

    /** The stage of its failures; the dashboard closes them by the code below. */
    static final String STAGE = "openlineage";

    /** Published when the address answers again. */
    static final String RESUMED = "openlineage-resumed";

    private static final Logger LOG = Logger.getLogger(LineageConsumer.class);
    private static final String GROUP = Topics.OPENLINEAGE_GROUP;
    private static final List<String> TOPICS =
            Topics.openLineage().stream().map(EventType::topic).toList();
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int PUBLISH_OUTAGE_AFTER = 3;
    /** Metadata of the committed offset at which an outage was published: another process must know that it is to be closed. */
    private static final String OUTAGE_PUBLISHED = "outage published";

    /** The JSON of run events. */
    static final ObjectMapper JSON =
            EventJson.mapper().copy().setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);

    private final Map<String, Object> kafka;
    private final Jobs jobs;
    private final EventPublisher publisher;
    private final Clock clock;
    private final WorkerThreads threads;
    private final Workers workers = new Workers("openlineage", 1, Duration.ZERO, this::next);
    private final @Nullable LineageTarget target;
    private final LineageRuns runs;

    /** Of the one thread. */
    private @Nullable KafkaConsumer<String, byte[]> consumer;

    private volatile int failures;
    private volatile String lastError = "";
    private boolean outagePublished;
    private boolean outageRead;
    private boolean resumed;

    LineageConsumer(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            Jobs jobs,
            Archive archive,
            EventPublisher publisher,
            Clock clock,
            WorkerThreads threads,
            Config config) {
        this.kafka = kafka;
        this.jobs = jobs;
        this.publisher = publisher;
        this.clock = clock;
        this.threads = threads;
        this.target = config.getOptionalValue("datman.openlineage.url", String.class)
                .map(address -> LineageTarget.at(
                        address,
                        config.getOptionalValue("datman.openlineage.key-file", Path.class)
                                .orElse(null)))
                .orElse(null);
        this.runs = new LineageRuns(
                config.getOptionalValue("datman.openlineage.namespace", String.class)
                        .orElse("datman"),
                archive.root().toAbsolutePath().normalize());
    }

    void onStart(@Observes StartupEvent event) {
        if (target != null) {
            LOG.infof("Lineage is delivered address=%s group=%s", target.shown(), GROUP);
            workers.start(threads);
        }
    }

    void onStop(@Observes ShutdownEvent event) throws InterruptedException {
        workers.stop(Duration.ofSeconds(5));
        if (consumer != null) {
            try {
                consumer.close(CloseOptions.timeout(Duration.ofSeconds(2)));
            } catch (ConcurrentModificationException itsThreadStillUsesIt) {
                LOG.debugf("Not closed: its thread has not ended group=%s", GROUP);
            }
        }
    }

    /** Why nothing is delivered at present; empty while all is well, or when it is switched off. */
    Optional<String> outage() {
        return failures == 0 ? Optional.empty() : Optional.of(lastError);
    }

    /** One poll. What of it could not be delivered is polled again: the thread stays a member of its group during an outage. */
    private boolean next() throws InterruptedException {
        KafkaConsumer<String, byte[]> kafkaConsumer = consumer();
        ConsumerRecords<String, byte[]> records = kafkaConsumer.poll(POLL);
        readOutage(kafkaConsumer);
        Map<TopicPartition, Long> next = new HashMap<>();
        records.partitions()
                .forEach(partition ->
                        next.put(partition, records.records(partition).get(0).offset()));
        boolean whole = false;
        try {
            whole = deliver(records, next);
        } finally {
            if (!whole) {
                next.forEach(kafkaConsumer::seek);
            }
        }
        if (resumed) {
            // On every partition: none may say at the next start that an outage is to be closed.
            kafkaConsumer
                    .assignment()
                    .forEach(partition -> next.putIfAbsent(partition, kafkaConsumer.position(partition)));
        }
        commit(kafkaConsumer, next);
        resumed = false;
        if (!whole) {
            workers.pauseAfterAFault();
        }
        return true;
    }

    /** Whether an outage was published before this process started. */
    private void readOutage(KafkaConsumer<String, byte[]> kafkaConsumer) {
        if (!outageRead && !kafkaConsumer.assignment().isEmpty()) {
            outagePublished |= kafkaConsumer.committed(kafkaConsumer.assignment()).values().stream()
                    .anyMatch(offset -> offset != null && OUTAGE_PUBLISHED.equals(offset.metadata()));
            outageRead = true;
        }
    }

    private KafkaConsumer<String, byte[]> consumer() {
        if (consumer == null) {
            Map<String, Object> config = new HashMap<>();
            kafka.forEach((key, value) -> {
                if (ConsumerConfig.configNames().contains(key)) {
                    config.put(key, value);
                }
            });
            config.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
            config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
            config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
            config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 50);
            config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 15_000);
            config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
            config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
            consumer = new KafkaConsumer<>(config);
            consumer.subscribe(TOPICS);
        }
        return consumer;
    }

    /**
     * Delivers in order.
     *
     * @param next by partition the first record that is not delivered, changed with each delivery
     * @return whether all were
     */
    private boolean deliver(ConsumerRecords<String, byte[]> records, Map<TopicPartition, Long> next)
            throws InterruptedException {
        for (ConsumerRecord<String, byte[]> record : records) {
            if (workers.isStopping() || !deliver(record)) {
                return false;
            }
            next.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
        }
        return true;
    }

    private boolean deliver(ConsumerRecord<String, byte[]> record) throws InterruptedException {
        Envelope<?> envelope;
        try {
            envelope = read(record);
        } catch (EventFormatException unreadable) {
            // The dashboard consumes the same record and publishes that it cannot be read.
            LOG.warnf(
                    "Unreadable record skipped topic=%s partition=%d offset=%d error=%s",
                    record.topic(), record.partition(), record.offset(), unreadable.getMessage());
            return true;
        }
        try {
            for (String json : events(envelope)) {
                deliver(envelope, json);
            }
            return true;
        } catch (NotMadeException e) {
            LOG.errorf(e, "Lineage not made event=%s", envelope.id());
            publisher.publish(envelope, notMade(envelope, e));
            return true;
        } catch (IOException | RuntimeException e) {
            failed(e);
            return false;
        }
    }

    private void deliver(Envelope<?> envelope, String json) throws IOException, InterruptedException {
        try {
            Objects.requireNonNull(target).deliver(json);
        } catch (LineageTarget.RefusedException e) {
            LOG.errorf("Lineage refused event=%s error=%s", envelope.id(), e.getMessage());
            publisher.publish(envelope, refused(envelope, e));
        }
        delivered();
    }

    private String shown() {
        return Objects.requireNonNull(target).shown();
    }

    /** What a failure of the network says. Not what an exception says of an address, which may hold a password. */
    private static String words(Exception e) {
        String words = Texts.line(e);
        return words.contains("://") ? e.getClass().getSimpleName() : words;
    }

    /**
     * The run events of an event, as JSON.
     *
     * @throws NotMadeException when they cannot be made of it, now or later
     */
    private List<String> events(Envelope<?> envelope) throws NotMadeException {
        Event event = envelope.event();
        LineageRuns.Asked asked = event instanceof PipelineUpdated updated
                ? asked(updated)
                : new LineageRuns.Asked(Map.of(), Map.of(), "");
        try {
            List<RunEvent> made = List.of();
            if (event instanceof SeriesExported exported) {
                made = runs.ofExport(exported, envelope.time());
            } else if (event instanceof PipelineUpdated updated) {
                made = runs.ofPipeline(updated, asked);
            }
            List<String> texts = new ArrayList<>();
            for (RunEvent each : made) {
                texts.add(JSON.writeValueAsString(each));
            }
            return texts;
        } catch (JsonProcessingException | RuntimeException e) {
            throw new NotMadeException(e);
        }
    }

    /** A database that is away throws other exceptions, and is waited for. */
    private LineageRuns.Asked asked(PipelineUpdated updated) throws NotMadeException {
        try {
            return jobs.asked(updated)
                    .map(request -> new LineageRuns.Asked(
                            Jobs.files(request),
                            request.parameters(),
                            request.image().orElse("")))
                    .orElseGet(() -> new LineageRuns.Asked(Map.of(), Map.of(), ""));
        } catch (Jobs.UnreadableException e) {
            throw new NotMadeException(e);
        }
    }

    private static final class NotMadeException extends Exception {
        private static final long serialVersionUID = 1L;

        NotMadeException(Exception cause) {
            super(Texts.line(cause), cause);
        }
    }

    private void delivered() {
        if (failures > 0) {
            LOG.infof("Lineage is delivered again address=%s", shown());
            failures = 0;
        }
        if (outagePublished) {
            publisher.publish(
                    publisher.first(outage(Reason.of(RESUMED, "The OpenLineage address takes events again"))));
            outagePublished = false;
            resumed = true;
        }
    }

    private void failed(Exception e) {
        String words = words(e);
        lastError = shown() + ": " + words;
        failures++;
        LOG.warnf("Lineage waits address=%s attempt=%d error=%s", shown(), failures, words);
        if (failures >= PUBLISH_OUTAGE_AFTER && !outagePublished) {
            publisher.publish(publisher.first(outage(new Reason(
                    "openlineage-unreachable",
                    "OpenLineage events cannot be delivered to " + lastError,
                    "Nothing is lost; it goes on by itself when that system is back"))));
            outagePublished = true;
        }
    }

    private void commit(KafkaConsumer<String, byte[]> kafkaConsumer, Map<TopicPartition, Long> next) {
        if (!next.isEmpty()) {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            next.forEach((partition, offset) ->
                    offsets.put(partition, new OffsetAndMetadata(offset, outagePublished ? OUTAGE_PUBLISHED : "")));
            kafkaConsumer.commitSync(offsets);
        }
    }

    private ProcessingFailed outage(Reason reason) {
        return failure(ProcessingFailed.Kind.TRANSIENT, reason).withCause(Optional.of(STAGE));
    }

    private ProcessingFailed refused(Envelope<?> envelope, Exception e) {
        return skipped(
                envelope,
                new Reason(
                        "openlineage-refused",
                        "The OpenLineage address refuses an event of "
                                + envelope.event().identity() + ": " + words(e),
                        "That server lacks this event: find out there why it refuses it. Then press 'Dismiss'"));
    }

    private ProcessingFailed notMade(Envelope<?> envelope, NotMadeException e) {
        return skipped(
                envelope,
                new Reason(
                        "openlineage-not-made",
                        "No OpenLineage event could be made of an event of "
                                + envelope.event().identity() + ": " + e.getMessage(),
                        "The server lacks this event; all others are delivered. Report it to those who maintain DATMAN, with the"
                                + " log of the pipeline service. Then press 'Dismiss'"));
    }

    private ProcessingFailed skipped(Envelope<?> envelope, Reason reason) {
        return failure(ProcessingFailed.Kind.PERMANENT, reason)
                .withSession(envelope.event().sessionRef())
                .withScan(envelope.event().scanId().map(ScanId::text))
                .withCause(Optional.of(envelope.id().toString()));
    }

    private ProcessingFailed failure(ProcessingFailed.Kind kind, Reason reason) {
        return ProcessingFailedBuilder.builder()
                .service(publisher.service())
                .stage(STAGE)
                .kind(kind)
                .attempts(Math.max(1, failures))
                .reason(reason)
                .time(clock.instant())
                .build();
    }

    private static Envelope<?> read(ConsumerRecord<String, byte[]> record) throws EventFormatException {
        Map<String, String> headers = new HashMap<>();
        record.headers().forEach(header -> {
            if (header.value() != null) {
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        });
        return EventJson.read(headers, record.value());
    }
}
