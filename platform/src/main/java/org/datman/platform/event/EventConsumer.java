package org.datman.platform.event;

import io.github.resilience4j.core.IntervalFunction;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.header.Header;
import org.datman.contracts.event.ConfigurationConfirmed;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.EventType;
import org.datman.contracts.event.GoldStandardSet;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ScanId;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Consumes events, in the same way for all services: read, handle, acknowledge.
 *
 * <p>During an outage the current event is retried, so order is kept and nothing is dead-lettered. A permanent failure
 * is published as {@code processing-failed} and sent to the dead-letter topic of topic and service. An unexpected error is
 * retried a few times first. No record is acknowledged before Kafka has accepted the report of its failure.
 */
@ApplicationScoped
public class EventConsumer {

    private static final Logger LOG = Logger.getLogger(EventConsumer.class);
    private static final int ATTEMPTS_AT_A_FAULT = 3;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final int SAY_OUTAGE_AFTER = 5;

    private final EventPublisher publisher;
    private final Clock clock;
    private final EventMeters meters;
    private final Traces traces;
    private final IntervalFunction pauses;
    private final Duration drain;
    private final RecordsInHand inHand = new RecordsInHand();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Map<String, String> heldUp = new ConcurrentHashMap<>();

    EventConsumer(
            EventPublisher publisher,
            Clock clock,
            EventMeters meters,
            Traces traces,
            @ConfigProperty(name = "datman.events.first-pause", defaultValue = "PT0.2S") Duration firstPause,
            @ConfigProperty(name = "datman.events.drain", defaultValue = "PT0S") Duration drain) {
        this.publisher = publisher;
        this.clock = clock;
        this.meters = meters;
        this.traces = traces;
        this.pauses = IntervalFunction.ofExponentialBackoff(firstPause, 2, LONGEST_PAUSE);
        this.drain = drain;
    }

    /** First of all that stops: what is in hand still needs the database, the outbox and the channels. */
    void onStop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (!drain.isZero()) {
            int left = inHand.close(drain);
            if (left > 0) {
                LOG.warnf("Records are not finished and will be delivered again records=%d waited=%s", left, drain);
            }
        }
        stopping.countDown();
    }

    /**
     * Handles one record. Must be called from an {@code @Incoming @Blocking} method that returns the result.
     *
     * @param message the record as received, value still bytes
     * @param type the type expected on that channel
     * @param stage name of the processing stage, for people: {@code export}
     * @return completes when the record is acknowledged or dead-lettered; never, when the service stops first, so that the
     *     record is redelivered
     */
    public <E extends Event> CompletionStage<Void> consume(
            Message<byte[]> message, Class<E> type, String stage, EventHandler<E> handler) {
        if (!inHand.begin()) {
            return new CompletableFuture<>();
        }
        try {
            return finish(message, type, stage, handler);
        } finally {
            inHand.end();
        }
    }

    private <E extends Event> CompletionStage<Void> finish(
            Message<byte[]> message, Class<E> type, String stage, EventHandler<E> handler) {
        Envelope<E> envelope;
        try {
            envelope = read(message, type);
        } catch (EventFormatException | RuntimeException e) {
            // Any parse error: it must not reach the channel, which would stop permanently.
            return deadLetterUnreadable(message, type, stage, e);
        }
        try (Traces.Handling trace = traces.handling(envelope, stage)) {
            return handle(message, envelope, type, stage, handler, trace);
        }
    }

    private <E extends Event> CompletionStage<Void> handle(
            Message<byte[]> message,
            Envelope<E> envelope,
            Class<E> type,
            String stage,
            EventHandler<E> handler,
            Traces.Handling trace) {
        int attempt = 0;
        ProcessingFailed outageSaid = null;
        long begin = System.nanoTime();
        while (true) {
            attempt++;
            try {
                handler.handle(envelope);
                if (outageSaid != null) {
                    publishEnd(envelope, outageSaid);
                }
                meters.handled(envelope, System.nanoTime() - begin, clock.instant());
                return message.ack();
            } catch (PermanentException e) {
                trace.failed(e.reason().code());
                return deadLetter(message, envelope, type, stage, attempt, e.reason(), e);
            } catch (Throwable e) {
                // Errors too: an uncaught one would lose the record silently.
                boolean outage = TransientErrors.isOutage(e);
                if (e instanceof InterruptedException || stopping.getCount() == 0 || inHand.isClosed()) {
                    return new CompletableFuture<>();
                }
                if (!outage && attempt >= ATTEMPTS_AT_A_FAULT) {
                    Reason reason = new Reason(
                            "unexpected-error",
                            stage + " failed " + attempt + " times on "
                                    + envelope.event().identity() + ": " + summary(e),
                            "Look at the log of " + publisher.service() + " for event " + envelope.id()
                                    + afterFault(type));
                    trace.failed(reason.code());
                    return deadLetter(message, envelope, type, stage, attempt, reason, e);
                }
                trace.retried(outage);
                LOG.warnf(
                        "Handling failed, will retry stage=%s event=%s subject=%s attempt=%d outage=%s error=%s",
                        stage, envelope.id(), envelope.event().identity(), attempt, outage, summary(e));
                if (outage && attempt == SAY_OUTAGE_AFTER) {
                    outageSaid = publishOutage(envelope, stage, attempt, e);
                }
                if (pause(attempt)) {
                    return new CompletableFuture<>();
                }
            }
        }
    }

    /** What to do once the cause is removed: the dashboard has a button where a person can publish the event again. */
    private String afterFault(Class<? extends Event> type) {
        String action;
        if (type == QcReviewed.class || type == GoldStandardSet.class || type == ConfigurationConfirmed.class) {
            action = ", then decide once more";
        } else if (publisher.service().equals("dashboard")) {
            action = ", then press 'Rebuild' on the page Operations";
        } else {
            action = ", then press 'Reprocess'";
        }
        return action;
    }

    private <E extends Event> Envelope<E> read(Message<byte[]> message, Class<E> type) throws EventFormatException {
        Map<String, String> headers = headers(message);
        String expected = EventType.of(type).typeName();
        if (!expected.equals(headers.get("ce_type"))) {
            throw new EventFormatException("header ce_type is '" + headers.get("ce_type") + "'; '" + expected
                    + "' was expected on this topic");
        }
        if (message.getPayload() == null) {
            throw new EventFormatException("it has no value");
        }
        Envelope<?> envelope = EventJson.read(headers, message.getPayload());
        @SuppressWarnings("unchecked") // ce_type decided the payload's class above
        Envelope<E> typed = (Envelope<E>) envelope;
        return typed;
    }

    private static Map<String, String> headers(Message<byte[]> message) {
        Map<String, String> headers = new HashMap<>();
        message.getMetadata(IncomingKafkaRecordMetadata.class).ifPresent(metadata -> {
            for (Header header : metadata.getHeaders()) {
                if (header.value() != null) {
                    headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
                }
            }
        });
        return headers;
    }

    private <E extends Event> CompletionStage<Void> deadLetterUnreadable(
            Message<byte[]> message, Class<E> type, String stage, Exception e) {
        String where = DeadLetter.place(message).orElse(EventType.of(type).topic());
        DeadLetter letter = DeadLetter.of(message, type, publisher.service(), Texts.line(e));
        LOG.errorf("Unreadable record stage=%s record=%s error=%s", stage, where, e.getMessage());
        return deadLetter(message, letter, taken -> {
            Reason reason = new Reason(
                    "unreadable-event",
                    "The record at " + where + " is not a " + EventType.of(type).typeName() + ": "
                            + Texts.cut(String.valueOf(e.getMessage())),
                    "Find out who wrote it; " + (taken ? letter.location() : letter.onlyAtItsOrigin())
                            + ". Press 'Dismiss' once this is resolved");
            return publisher.first(ProcessingFailedBuilder.builder()
                    .service(publisher.service())
                    .stage(stage)
                    .kind(ProcessingFailed.Kind.POISON)
                    .attempts(1)
                    .reason(reason)
                    .time(clock.instant())
                    .cause(Optional.of(where))
                    .deadLetterTopic(taken ? Optional.of(letter.topic()) : Optional.empty())
                    .build());
        });
    }

    private <E extends Event> CompletionStage<Void> deadLetter(
            Message<byte[]> message,
            Envelope<E> envelope,
            Class<E> type,
            String stage,
            int attempts,
            Reason reason,
            Throwable e) {
        LOG.errorf(
                e,
                "Event dead-lettered stage=%s event=%s subject=%s attempts=%d reason=%s",
                stage,
                envelope.id(),
                envelope.event().identity(),
                attempts,
                reason.code());
        DeadLetter letter = DeadLetter.of(message, type, publisher.service(), reason.code() + ": " + Texts.line(e));
        return deadLetter(message, letter, taken -> {
            Reason published = taken
                    ? reason
                    : new Reason(reason.code(), reason.message() + "; " + letter.onlyAtItsOrigin(), reason.action());
            return publisher.answer(
                    envelope,
                    failure(
                            envelope,
                            stage,
                            ProcessingFailed.Kind.PERMANENT,
                            attempts,
                            published,
                            taken ? letter.topic() : null));
        });
    }

    /**
     * Sends the record to the dead-letter topic, publishes the failure, then acknowledges the record. Done here and not by the
     * channel: when Kafka rejects the channel's own dead letter, the channel stops permanently. A rejected dead letter is
     * reported with the record's position, where the topic still has it; a rejected failure report blocks the channel, because a
     * record without a report must not be acknowledged.
     *
     * @param failure the failure, by whether the dead letter was accepted
     */
    private CompletionStage<Void> deadLetter(
            Message<byte[]> message, DeadLetter letter, Function<Boolean, Envelope<?>> failure) {
        Sent deadLettered = untilTaken(
                () -> publisher.publishRecord(letter.topic(), letter.key(), letter.headers(), letter.value()));
        if (deadLettered == Sent.STOPPED) {
            return new CompletableFuture<>();
        }
        meters.deadLettered(letter.topic());
        Envelope<?> published = failure.apply(deadLettered == Sent.TAKEN);
        String where = letter.findPlace().orElse(letter.topic());
        for (int attempt = 1; ; attempt++) {
            Sent sent = untilTaken(() -> publisher.publish(published));
            if (sent == Sent.TAKEN) {
                heldUp.remove(where);
                return message.ack();
            }
            if (sent == Sent.REFUSED) {
                heldUp.put(where, published.event().identity());
                LOG.errorf(
                        "The channel is blocked: Kafka rejects the failure report, and its record is not acknowledged record=%s"
                                + " failure=%s",
                        where, published.event().identity());
            }
            if (sent == Sent.STOPPED || pause(attempt)) {
                return new CompletableFuture<>();
            }
        }
    }

    /** Records whose failure report Kafka rejects, by position, with the failure. */
    Map<String, String> heldUp() {
        return Map.copyOf(heldUp);
    }

    /** @return what was published; null when that was not possible */
    private @Nullable ProcessingFailed publishOutage(Envelope<?> envelope, String stage, int attempts, Throwable e) {
        Reason reason = new Reason(
                "outage",
                stage + " waits for a system that does not answer: " + summary(e),
                "Nothing is lost; it goes on by itself when that system is back");
        ProcessingFailed outage = failure(envelope, stage, ProcessingFailed.Kind.TRANSIENT, attempts, reason, null);
        return published(envelope, outage) ? outage : null;
    }

    /** Closes the failure, also where the handler publishes nothing, and where the clock was put back meanwhile. */
    private void publishEnd(Envelope<?> envelope, ProcessingFailed outage) {
        Instant next = outage.time().plusMillis(1);
        Instant now = clock.instant();
        published(
                envelope,
                outage.withReason(Reason.of("outage-resumed", outage.stage() + " goes on"))
                        .withTime(now.isAfter(next) ? now : next));
    }

    private boolean published(Envelope<?> envelope, ProcessingFailed failure) {
        try {
            publisher.publish(publisher.answer(envelope, failure));
            return true;
        } catch (OutageException | PermanentException kafkaIsAway) {
            LOG.warnf(
                    "An outage could not be published code=%s error=%s",
                    failure.reason().code(), kafkaIsAway.getMessage());
            return false;
        }
    }

    private ProcessingFailed failure(
            Envelope<?> envelope,
            String stage,
            ProcessingFailed.Kind kind,
            int attempts,
            Reason reason,
            @Nullable String deadLetterTopic) {
        return ProcessingFailedBuilder.builder()
                .service(publisher.service())
                .stage(stage)
                .kind(kind)
                .attempts(attempts)
                .reason(reason)
                .time(clock.instant())
                .session(envelope.event().sessionRef())
                .scan(envelope.event().scanId().map(ScanId::text))
                .cause(Optional.of(envelope.id().toString()))
                .deadLetterTopic(Optional.ofNullable(deadLetterTopic))
                .build();
    }

    private enum Sent {
        TAKEN,
        REFUSED,
        STOPPED
    }

    /** Sends until Kafka accepts it, or rejects it permanently, or the service stops. */
    private Sent untilTaken(Runnable sending) {
        for (int attempt = 1; ; attempt++) {
            try {
                sending.run();
                return Sent.TAKEN;
            } catch (PermanentException e) {
                // Smaller than any limit of DATMAN; but a broker may have its own limits.
                LOG.errorf("Kafka rejects the record error=%s", e.getMessage());
                return Sent.REFUSED;
            } catch (OutageException e) {
                if (pause(attempt)) {
                    return Sent.STOPPED;
                }
            }
        }
    }

    /** Waits longer with each attempt; true when the service stops. */
    private boolean pause(int attempt) {
        try {
            return stopping.await(pauses.apply(attempt), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static String summary(Throwable e) {
        return Texts.line(e);
    }
}
