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
import org.datman.contracts.event.QcReviewedBuilder;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionDiscoveredBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.event.SessionSettledBuilder;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.platform.testkit.WithEvents;
import org.junit.jupiter.api.Test;

/** Two XNAT servers that gave two sessions the same accession id. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class TwoServersTest extends WithEvents {

    @Inject
    Archive archive;

    private final SessionRef one = new SessionRef("one", "E" + UUID.randomUUID());
    private final SessionRef two = new SessionRef("two", one.accession());

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
        events.publish(QcReviewedBuilder.builder()
                .session(one)
                .reviewId("review-" + one.accession())
                .study("QCT")
                .sessionName(first.sessionName())
                .decision(QcReviewed.Decision.BLACKLISTED)
                .seen(List.of())
                .reviewer("rater")
                .time(Instant.EPOCH)
                .scan(Optional.of("3"))
                .stem(Optional.of(ofOne.stem()))
                .build());

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
        events.publish(SessionDiscoveredBuilder.builder()
                .session(session)
                .sessionRevision(revision)
                .status(SessionDiscovered.Status.PRESENT)
                .project("QCT")
                .subjectLabel("subject")
                .label(name)
                .phantom(false)
                .configRevision("config")
                .study(Optional.of("QCT"))
                .site(Optional.of("CMH"))
                .name(Optional.of(name))
                .date(Optional.of(LocalDate.of(2026, 1, 2)))
                .build());
        events.publish(Images.tagged(session, "3", name, "RST", image.stem()));
        events.publish(Images.exported(session, "3", revision, image, "CMH", "2026-01-02")
                .withSessionName(name));
        events.publish(settled(session, 1));
    }

    private static SessionSettled settled(SessionRef session, long revision) {
        return SessionSettledBuilder.builder()
                .session(session)
                .settleRevision(revision)
                .cause(SessionSettled.Cause.QUIET)
                .series(List.of(new SessionSettled.SettledSeries("3", 1)))
                .resources(0)
                .firstSeen(Instant.EPOCH)
                .lastChange(Instant.EPOCH)
                .build();
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
