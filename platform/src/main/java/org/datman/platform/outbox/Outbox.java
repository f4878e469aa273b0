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
     * Stores an event as it is. Must be called in a transaction.
     *
     * @throws PermanentException when PostgreSQL refuses the event itself, which no retry changes
     * @throws OutageException when PostgreSQL does not answer, or cannot store anything now
     */
    public void store(Envelope<?> envelope) {
        TransactionSynchronizationRegistry registry = transactions.get();
        if (registry.getTransactionStatus() != Status.STATUS_ACTIVE) {
            throw new IllegalStateException("The outbox was used outside a transaction: the event could be lost");
        }
        try (Connection connection = dataSource.get().getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setObject(1, envelope.id());
            insert.setString(2, envelope.event().type().topic());
            insert.setString(3, envelope.event().key());
            insert.setString(4, EventJson.mapper().writeValueAsString(envelope.headers()));
            insert.setBytes(5, EventJson.write(envelope.event()));
            insert.executeUpdate();
        } catch (SQLException e) {
            throw notStored(envelope, e);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("CloudEvents headers are always text", e);
        }
        registry.registerInterposedSynchronization(new WakeRelay());
    }

    private static RuntimeException notStored(Envelope<?> envelope, SQLException e) {
        if (!TransientErrors.isRefusedData(e)) {
            return new OutageException("The event could not be stored in the outbox", e);
        }
        return new PermanentException(
                new Reason(
                        "event-not-stored",
                        "PostgreSQL refuses event " + envelope.id() + " for "
                                + envelope.event().type().topic() + " (SQLSTATE " + e.getSQLState() + "): "
                                + Texts.of(e),
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
