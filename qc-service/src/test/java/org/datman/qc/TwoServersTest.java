package org.datman.qc;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two XNAT servers that gave two sessions the same accession id. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class TwoServersTest {

    @Inject
    Archive archive;

    private final SessionRef one = new SessionRef("one", "E" + UUID.randomUUID());
    private final SessionRef two = new SessionRef("two", one.accession());
    private EventsOnKafka events;

    @BeforeEach
    void connect() {
        events = EventsOnKafka.ofTests();
    }

    @AfterEach
    void disconnect() {
        events.close();
    }

    @Test
    void eachHasItsOwnResultsAndItsOwnCheckAndAReviewIsOfOne() throws Exception {
        // Given the same scan number in both; the first is at a later revision
        SeriesExported.Product ofOne = Images.run(archive, "ofServerOne", 12);
        SeriesExported.Product ofTwo = Images.run(archive, "ofServerTwo", 8);
        publish(one, "NAM_CMH_0001_01_01", 5, ofOne);
        publish(two, "NAM_CMH_0002_01_01", 1, ofTwo);
        SessionChecked first = checked(one, 0);
        SessionChecked second = checked(two, 0);

        // When a rater takes the image of the one out
        events.publish(new QcReviewed(
                one,
                "review-" + one.accession(),
                "QCT",
                first.sessionName(),
                Optional.of("3"),
                Optional.of(ofOne.stem()),
                QcReviewed.Decision.BLACKLISTED,
                List.of(),
                "rater",
                Instant.EPOCH));

        // Then
        assertThat(first.sessionName()).isEqualTo("NAM_CMH_0001_01_01");
        assertThat(second.sessionName()).isEqualTo("NAM_CMH_0002_01_01");
        assertThat(result(one).stem()).isEqualTo(ofOne.stem());
        assertThat(result(two).stem()).isEqualTo(ofTwo.stem());
        SessionChecked without = checked(one, first.checkRevision());
        assertThat(resting(without)).isEqualTo(SessionChecked.Outcome.MISSING);
        // A later check of the other, of the same settling, still counts its image.
        events.publish(settled(two, 2));
        SessionChecked again = checked(two, second.checkRevision());
        assertThat(resting(again)).isEqualTo(SessionChecked.Outcome.COMPLETE);
        assertThat(events.all(SessionChecked.class))
                .filteredOn(envelope -> envelope.event().session().equals(one))
                .allSatisfy(
                        envelope -> assertThat(envelope.event().sessionName()).isEqualTo("NAM_CMH_0001_01_01"));
    }

    private void publish(SessionRef session, String name, long revision, SeriesExported.Product image) {
        events.publish(new SessionDiscovered(
                session,
                revision,
                SessionDiscovered.Status.PRESENT,
                "QCT",
                "subject",
                name,
                Optional.empty(),
                Optional.empty(),
                Optional.of("QCT"),
                Optional.of("CMH"),
                Optional.of(name),
                Optional.empty(),
                false,
                Optional.of(LocalDate.of(2026, 1, 2)),
                Optional.empty(),
                "config"));
        events.publish(new SeriesTagged(
                session,
                1,
                SeriesTagged.Decision.TAGGED,
                Optional.of("QCT"),
                Optional.of("CMH"),
                Optional.of(name),
                false,
                "3",
                Optional.of(3L),
                Optional.empty(),
                "Rest",
                List.of(new SeriesTagged.Assignment(
                        "RST",
                        image.stem(),
                        "bold",
                        List.of("nii"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())),
                Reason.of("tagged", "it matched"),
                List.of(),
                Optional.of("1"),
                1,
                "fingerprint",
                Optional.of("2026-01-02"),
                "config"));
        events.publish(Images.exported(session, "3", revision, image, "CMH", "2026-01-02")
                .withSessionName(name));
        events.publish(settled(session, 1));
    }

    private static SessionSettled settled(SessionRef session, long revision) {
        return new SessionSettled(
                session,
                revision,
                SessionSettled.Cause.QUIET,
                List.of(new SessionSettled.SettledSeries("3", 1)),
                0,
                Instant.EPOCH,
                Instant.EPOCH);
    }

    private QcComplete result(SessionRef session) {
        return events.await(QcComplete.class, event -> event.session().equals(session))
                .event();
    }

    private SessionChecked checked(SessionRef session, long after) {
        return events.await(
                        SessionChecked.class,
                        event -> event.session().equals(session)
                                && event.pending().isEmpty()
                                && event.checkRevision() > after)
                .event();
    }

    private static SessionChecked.Outcome resting(SessionChecked checked) {
        return checked.rows().stream()
                .filter(row -> row.tag().equals("RST"))
                .findFirst()
                .orElseThrow()
                .outcome();
    }
}
