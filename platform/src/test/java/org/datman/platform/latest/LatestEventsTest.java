package org.datman.platform.latest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.GoldStandardSet;
import org.datman.contracts.event.GoldStandardSetBuilder;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTaggedBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.event.SessionSettledBuilder;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class LatestEventsTest {

    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00Z");

    @Inject
    LatestEvents latest;

    @Inject
    DataSource database;

    private final SessionRef session = new SessionRef("one", "E" + UUID.randomUUID());
    private final SessionRef namesake = new SessionRef("two", session.accession());

    @Test
    void anOlderEventReplacesNoNewerOneHoweverLateItWasPublished() {
        // Given
        SessionSettled newer = settled(session, 2);
        SessionSettled older = settled(session, 1);
        keep(newer, TIME);

        // When
        boolean kept = keep(older, TIME.plusSeconds(60));

        // Then
        assertThat(kept).isFalse();
        assertThat(stored(session)).contains(newer);
        assertThat(QuarkusTransaction.requiringNew().call(() -> latest.isOutdated(older)))
                .isTrue();
        assertThat(QuarkusTransaction.requiringNew().call(() -> latest.isOutdated(newer)))
                .isFalse();
    }

    @Test
    void ofEqualRevisionsTheOnePublishedLaterIsNewer() {
        // Given the same series tagged by two configurations
        SeriesTagged before = tagged("before");
        SeriesTagged after = tagged("after");
        keep(after, TIME.plusSeconds(1));

        // When
        boolean kept = keep(before, TIME);

        // Then
        assertThat(kept).isFalse();
        assertThat(QuarkusTransaction.requiringNew().call(() -> latest.ofSession(SeriesTagged.class, session)))
                .containsExactly(after);
    }

    @Test
    void theSameEventAgainIsTheLatestStill() {
        // Given
        keep(settled(session, 1), TIME);

        // When
        boolean kept = keep(settled(session, 1), TIME.minusSeconds(60));

        // Then
        assertThat(kept).isTrue();
    }

    @Test
    void sessionsOfTwoServersWithOneAccessionIdAreTwo() {
        // Given
        SessionSettled one = settled(session, 5);
        SessionSettled other = settled(namesake, 1);
        keep(one, TIME);

        // When
        boolean kept = keep(other, TIME.minusSeconds(60));

        // Then
        assertThat(kept).isTrue();
        assertThat(stored(session)).contains(one);
        assertThat(stored(namesake)).contains(other);
        assertThat(QuarkusTransaction.requiringNew().call(() -> latest.ofSession(SessionSettled.class, session)))
                .containsExactly(one);
    }

    @Test
    void aFinerThingIsComparedByItself() {
        // Given a standard of each of two days
        GoldStandardSet spring = gold(LocalDate.of(2026, 3, 1), TIME.plusSeconds(60));
        GoldStandardSet summer = gold(LocalDate.of(2026, 6, 1), TIME);
        QuarkusTransaction.requiringNew().call(() -> latest.storeIfNewer(envelope(spring, TIME), thing(spring)));

        // When
        boolean kept = QuarkusTransaction.requiringNew()
                .call(() -> latest.storeIfNewer(envelope(summer, TIME), thing(summer)));

        // Then
        assertThat(kept).isTrue();
        assertThat(QuarkusTransaction.requiringNew()
                        .call(() -> latest.beginningWith(GoldStandardSet.class, spring.identity() + "#")))
                .containsExactly(spring, summer);
    }

    @Test
    void aStoredEventThatCannotBeReadIsReplacedByTheNext() throws Exception {
        // Given
        keep(settled(session, 1), TIME);
        try (Connection connection = database.getConnection();
                PreparedStatement damage =
                        connection.prepareStatement("update latest_event set payload = '{}' where session = ?")) {
            damage.setString(1, session.identity());
            assertThat(damage.executeUpdate()).isEqualTo(1);
        }

        // When
        keep(settled(session, 1), TIME);

        // Then
        assertThat(stored(session)).contains(settled(session, 1));
    }

    @Test
    void aNulInATextIsLeftOutAndItsSpellingIsNot() {
        // Given
        SeriesTagged event = tagged("C:\\u0000 and a\0b");

        // When
        keep(event, TIME);

        // Then
        assertThat(QuarkusTransaction.requiringNew().call(() -> latest.ofSession(SeriesTagged.class, session)))
                .extracting(SeriesTagged::configRevision)
                .containsExactly("C:\\u0000 and ab");
    }

    private boolean keep(Event event, Instant published) {
        return QuarkusTransaction.requiringNew().call(() -> latest.storeIfNewer(envelope(event, published)));
    }

    private Optional<SessionSettled> stored(SessionRef of) {
        return QuarkusTransaction.requiringNew().call(() -> latest.find(SessionSettled.class, of.identity()));
    }

    private static Envelope<Event> envelope(Event event, Instant published) {
        return Envelope.first(event, "test", published);
    }

    private static String thing(GoldStandardSet gold) {
        return gold.identity() + "#" + gold.validFrom();
    }

    private static SessionSettled settled(SessionRef session, long revision) {
        return SessionSettledBuilder.builder()
                .session(session)
                .settleRevision(revision)
                .cause(SessionSettled.Cause.QUIET)
                .series(List.of())
                .resources(0)
                .firstSeen(TIME)
                .lastChange(TIME)
                .build();
    }

    private SeriesTagged tagged(String configRevision) {
        return SeriesTaggedBuilder.builder()
                .session(session)
                .seriesRevision(1)
                .decision(SeriesTagged.Decision.UNMATCHED)
                .phantom(false)
                .scan("3")
                .description("")
                .assignments(List.of())
                .reason(Reason.of("no-tag", "No tag matches"))
                .explanation(List.of())
                .fileCount(0)
                .fingerprint("")
                .configRevision(configRevision)
                .build();
    }

    private GoldStandardSet gold(LocalDate from, Instant time) {
        return GoldStandardSetBuilder.builder()
                .study(session.accession())
                .site("CMH")
                .tag("T1")
                .validFrom(from)
                .session(session)
                .stem("stem")
                .sidecar(new FileRef(FileRole.SIDECAR, "stem.json", 1, "0".repeat(64)))
                .setBy("rater")
                .time(time)
                .build();
    }
}
