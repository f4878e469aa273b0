package org.datman.platform.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.Reason;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.event.OutageException;
import org.datman.platform.event.PermanentException;
import org.datman.platform.event.Texts;
import org.datman.platform.event.TransientErrors;
import org.jspecify.annotations.Nullable;

/** Stores events in the current transaction; the {@link OutboxRelay} sends them once it is committed. */
@ApplicationScoped
public class Outbox {

    private static final String INSERT =
            "insert into outbox_event (event_id, topic, key, headers, payload) values (?, ?, ?, ?::jsonb, ?)";

    private final Instance<DataSource> dataSource;
    private final Instance<TransactionSynchronizationRegistry> transactions;
    private final EventPublisher publisher;
    private final OutboxRelay relay;

    Outbox(
            Instance<DataSource> dataSource,
            Instance<TransactionSynchronizationRegistry> transactions,
            EventPublisher publisher,
            OutboxRelay relay) {
        this.dataSource = dataSource;
        this.transactions = transactions;
        this.publisher = publisher;
        this.relay = relay;
    }

    /** Stores an event caused by {@code cause}. Must be called in a transaction. */
    public void publish(Envelope<?> cause, Event event) {
        store(publisher.answer(cause, event));
    }

    /** Stores an event without a cause. Must be called in a transaction. */
    public void publish(Event event) {
        store(publisher.first(event));
    }

    /**
     * Stores some events in one step, in that order. Must be called in a transaction.
     *
     * @param cause what caused them; null for nothing
     * @throws PermanentException when PostgreSQL refuses one of them, which no retry changes
     * @throws OutageException when PostgreSQL does not answer, or cannot store anything now
     */
    public void publish(@Nullable Envelope<?> cause, List<? extends Event> events) {
        List<Envelope<?>> envelopes = new ArrayList<>();
        for (Event event : events) {
            envelopes.add(cause == null ? publisher.first(event) : publisher.answer(cause, event));
        }
        store(envelopes);
    }

    /**
     * Stores an event as it is. Must be called in a transaction.
     *
     * @throws PermanentException when PostgreSQL refuses the event itself, which no retry changes
     * @throws OutageException when PostgreSQL does not answer, or cannot store anything now
     */
    public void store(Envelope<?> envelope) {
        store(List.of(envelope));
    }

    private void store(List<Envelope<?>> envelopes) {
        TransactionSynchronizationRegistry registry = transactions.get();
        if (registry.getTransactionStatus() != Status.STATUS_ACTIVE) {
            throw new IllegalStateException("The outbox was used outside a transaction: the event could be lost");
        }
        try (Connection connection = dataSource.get().getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (Envelope<?> envelope : envelopes) {
                insert.setObject(1, envelope.id());
                insert.setString(2, envelope.event().type().topic());
                insert.setString(3, envelope.event().key());
                insert.setString(4, EventJson.mapper().writeValueAsString(envelope.headers()));
                insert.setBytes(5, EventJson.write(envelope.event()));
                insert.addBatch();
            }
            insert.executeBatch();
        } catch (SQLException e) {
            throw notStored(envelopes, e);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("CloudEvents headers are always text", e);
        }
        registry.registerInterposedSynchronization(new WakeRelay());
    }

    private static RuntimeException notStored(List<Envelope<?>> envelopes, SQLException e) {
        if (!TransientErrors.isRefusedData(e)) {
            return new OutageException("The event could not be stored in the outbox", e);
        }
        String which = envelopes.stream()
                .map(envelope ->
                        envelope.id() + " for " + envelope.event().type().topic())
                .collect(Collectors.joining(", "));
        return new PermanentException(
                new Reason(
                        "event-not-stored",
                        "PostgreSQL refuses event " + which + " (SQLSTATE " + e.getSQLState() + "): " + Texts.of(e),
                        "Report the fault to the maintainers of DATMAN with this message"),
                e);
    }

    private final class WakeRelay implements Synchronization {

        @Override
        public void beforeCompletion() {
            // Only the result matters.
        }

        @Override
        public void afterCompletion(int status) {
            relay.wake();
        }
    }
}
