package org.datman.local.demo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
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
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;

/** All sessions' stories, told by the topics from their beginning. */
final class Stories implements AutoCloseable {

    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<String, SessionStory> sessions = new TreeMap<>();
    private int unreadable;

    Stories(String bootstrapServers) {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, "datman-demo-" + UUID.randomUUID());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = Stream.of(EventType.values())
                .flatMap(type -> consumer.partitionsFor(type.topic()).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    Collection<SessionStory> sessions() {
        return sessions.values();
    }

    /** The session that has, or once had, that label. */
    Optional<SessionStory> called(String label) {
        return sessions.values().stream().filter(s -> s.wasCalled(label)).findFirst();
    }

    int unreadable() {
        return unreadable;
    }

    /** Hears for that long what is new; true if anything was. */
    boolean listen(Duration patience) {
        boolean news = false;
        for (ConsumerRecord<String, byte[]> record : consumer.poll(patience)) {
            news = true;
            Map<String, String> headers = new HashMap<>();
            record.headers()
                    .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
            try {
                Envelope<?> envelope = EventJson.read(headers, record.value());
                tell(envelope.event(), envelope.time());
            } catch (EventFormatException e) {
                unreadable++;
            }
        }
        return news;
    }

    @Override
    public void close() {
        consumer.close();
    }

    private SessionStory session(SessionRef ref) {
        return sessions.computeIfAbsent(ref.accession(), SessionStory::new);
    }

    /** Events of different topics come in any order; within a session the newest of each kind stands. */
    void tell(Event event, Instant time) {
        if (event instanceof SessionDiscovered e) {
            SessionStory story = session(e.session());
            story.history.add(e);
            if (story.discovered
                    .filter(old -> old.sessionRevision() > e.sessionRevision())
                    .isEmpty()) {
                story.discovered = Optional.of(e);
            }
            if (story.firstSeen.filter(first -> first.isBefore(time)).isEmpty()) {
                story.firstSeen = Optional.of(time);
            }
        } else if (event instanceof SeriesDiscovered e) {
            SeriesStory series = session(e.session()).series(e.scan());
            series.discovered = Optional.of(e);
            if (series.firstDiscovered.isEmpty()) {
                series.firstDiscovered = Optional.of(time);
            }
            series.times.put("discovered", time);
        } else if (event instanceof SeriesTagged e) {
            SeriesStory series = session(e.session()).series(e.scan());
            series.tagged = Optional.of(e);
            series.times.put("tagged", time);
        } else if (event instanceof SeriesExported e) {
            SeriesStory series = session(e.session()).series(e.scan());
            series.exported = Optional.of(e);
            series.times.put("exported", time);
        } else if (event instanceof QcComplete e) {
            SeriesStory series = session(e.session()).series(e.scan());
            series.measured.put(e.stem(), e);
            series.times.put("measured", time);
        } else if (event instanceof SessionSettled e) {
            session(e.session()).settled = Optional.of(e);
        } else if (event instanceof SessionChecked e) {
            session(e.session()).checked = Optional.of(e);
        } else if (event instanceof PipelineUpdated e) {
            session(e.session()).runs.put(e.pipeline() + "/" + e.runKey(), e);
            session(e.session()).runHistory.add(e);
        } else if (event instanceof QcReviewed e) {
            session(e.session()).reviews.add(e.reviewId());
        } else if (event instanceof ProcessingFailed e) {
            e.session().ifPresent(ref -> session(ref).failures.add(e));
        }
    }
}
