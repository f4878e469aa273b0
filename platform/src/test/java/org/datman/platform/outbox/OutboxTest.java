package org.datman.platform.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.health.api.Wellness;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventType;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.event.SessionSettledBuilder;
import org.datman.platform.event.PermanentException;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class OutboxTest {

    @Inject
    Outbox outbox;

    @Inject
    @Wellness
    OutboxHealth health;

    @Inject
    DataSource database;

    @Test
    void eventsOfCommittedTransactionsArePublishedInOrderAndOthersNever() {
        // Given
        QuarkusTransaction.begin();
        outbox.publish(settled("rolled-back", 1));
        QuarkusTransaction.rollback();

        // When
        IntStream.rangeClosed(1, 300)
                .forEach(i -> QuarkusTransaction.requiringNew().run(() -> outbox.publish(settled("committed", i))));

        // Then
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            List<Envelope<SessionSettled>> published = events.awaitAll(
                    SessionSettled.class, event -> event.session().accession().equals("committed"), 300);
            assertThat(published)
                    .extracting(envelope -> envelope.event().settleRevision())
                    .isSorted();
            assertThat(events.all(SessionSettled.class))
                    .extracting(envelope -> envelope.event().session().accession())
                    .doesNotContain("rolled-back");
        }
    }

    @Test
    void outsideATransactionItRefuses() {
        // Given
        SessionSettled event = settled("outside", 1);

        // When / Then
        assertThatThrownBy(() -> outbox.publish(event)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anEventThatPostgresqlRefusesIsNoOutage() {
        // Given: PostgreSQL has no NUL in a text
        SessionSettled event = settled("nul-\0", 1);

        // When
        Throwable thrown =
                catchThrowable(() -> QuarkusTransaction.requiringNew().run(() -> outbox.publish(event)));

        // Then
        assertThat(thrown).isInstanceOfSatisfying(PermanentException.class, refused -> {
            assertThat(refused.reason().code()).isEqualTo("event-not-stored");
            assertThat(refused.reason().message()).contains("session-settled", "SQLSTATE 22021");
        });
    }

    @Test
    void anEventThatKafkaRefusesIsReportedAndAllOthersGoRoundIt() {
        // Given
        SessionSettled tooLarge = settled(
                "too-large", 1, Collections.nCopies(100, new SessionSettled.SettledSeries("x".repeat(50_000), 1)));

        // When
        QuarkusTransaction.requiringNew().run(() -> {
            outbox.publish(tooLarge);
            outbox.publish(settled("too-large", 2));
            outbox.publish(settled("goes-round", 1));
        });

        // Then
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            events.await(
                    SessionSettled.class, event -> event.session().accession().equals("goes-round"));
            Envelope<ProcessingFailed> reported =
                    events.await(ProcessingFailed.class, event -> event.stage().equals("outbox"));
            assertThat(reported.event().session()).contains(new SessionRef("test", "too-large"));
            assertThat(reported.event().reason().code()).isEqualTo("event-refused");
            assertThat(reported.event().reason().message()).contains("session-settled", "RecordTooLarge");
            assertThat(events.all(SessionSettled.class))
                    .extracting(envelope -> envelope.event().session().accession())
                    .doesNotContain("too-large");
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(health.call().getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN));

        // The order of the session is kept: later events are sent once the rejected one is removed.
        QuarkusTransaction.requiringNew().run(this::deleteRefused);
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            assertThat(events.await(
                                    SessionSettled.class,
                                    event -> event.session().accession().equals("too-large"))
                            .event()
                            .settleRevision())
                    .isEqualTo(2);
        }
    }

    @Test
    void aRefusedEventOfWhichKafkaIsNotEvenInformedHoldsUpNoOther() throws Exception {
        // Given: a broker that rejects failures too
        SessionSettled tooLarge = settled(
                "not-told", 1, Collections.nCopies(100, new SessionSettled.SettledSeries("x".repeat(50_000), 1)));
        mostBytesOfFailures(AlterConfigOp.OpType.SET);
        try {
            // When
            QuarkusTransaction.requiringNew().run(() -> {
                outbox.publish(tooLarge);
                outbox.publish(settled("goes-round-it-too", 1));
            });

            // Then
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(health.call().getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN));
            try (EventsOnKafka events = EventsOnKafka.ofTests()) {
                events.await(
                        SessionSettled.class,
                        event -> event.session().accession().equals("goes-round-it-too"));
            }
        } finally {
            mostBytesOfFailures(AlterConfigOp.OpType.DELETE);
            QuarkusTransaction.requiringNew().run(this::deleteRefused);
        }
    }

    private static void mostBytesOfFailures(AlterConfigOp.OpType set) throws Exception {
        ConfigResource topic = new ConfigResource(
                ConfigResource.Type.TOPIC, EventType.of(ProcessingFailed.class).topic());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", KafkaAndPostgres.bootstrapServers()))) {
            admin.incrementalAlterConfigs(
                            Map.of(topic, List.of(new AlterConfigOp(new ConfigEntry("max.message.bytes", "100"), set))))
                    .all()
                    .get();
        }
    }

    private void deleteRefused() {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("delete from outbox_event where refused_at is not null");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SessionSettled settled(String accession, long revision) {
        return settled(accession, revision, List.of());
    }

    private static SessionSettled settled(String accession, long revision, List<SessionSettled.SettledSeries> series) {
        return SessionSettledBuilder.builder()
                .session(new SessionRef("test", accession))
                .settleRevision(revision)
                .cause(SessionSettled.Cause.QUIET)
                .series(series)
                .resources(0)
                .firstSeen(Instant.EPOCH)
                .lastChange(Instant.EPOCH)
                .build();
    }
}
