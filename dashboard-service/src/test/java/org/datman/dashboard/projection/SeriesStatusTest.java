package org.datman.dashboard.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTaggedAssignmentBuilder;
import org.datman.contracts.testkit.EventFixtures;
import org.junit.jupiter.api.Test;

/** The status of a series that is part of an image of several. */
class SeriesStatusTest {

    private static final Instant T = Instant.parse("2026-11-20T10:00:00Z");
    private static final EventFixtures STORY = EventFixtures.of("PARTS_E1", "SPN01_CMH_2001_01_01");

    @Test
    void untilTheSessionSettlesItStatesThatItWaitsForOtherScans() {
        // Given
        SeriesDetails part = details(Optional.empty());

        // When
        SeriesStatus state = SeriesStatus.of(part);

        // Then
        assertThat(state.state()).isEqualTo(SeriesStatus.State.WORKING);
        assertThat(state.reason().code()).isEqualTo("waits-for-parts");
    }

    @Test
    void onceTheImageIsMadeItStatesOfWhichScanItIsAPart() {
        // Given
        Reason reason = Reason.of("part-of-scan", "Part of scan 5001: scans 5001, 5002 are one image");
        SeriesDetails part = details(
                Optional.of(STORY.exported("5002", 1, "RST", SeriesExported.Outcome.COMBINED, Optional.of(reason))));

        // When
        SeriesStatus state = SeriesStatus.of(part);

        // Then
        assertThat(state.state()).isEqualTo(SeriesStatus.State.DONE);
        assertThat(state.reason()).isEqualTo(reason);
    }

    @Test
    void aResultThatCouldNotBeRenewedIsKeptAndAsksForAPerson() {
        // Given an image that was measured, and could not be measured again by newer definitions
        SeriesDetails measured = new SeriesDetails(
                "3",
                null,
                recorded(STORY.tagged("3", 1, "T1", "Sag T1")),
                recorded(STORY.exported("3", 1, "T1")),
                List.of(recorded(STORY.measured("3", 1, "T1", QcComplete.Level.PASS))),
                List.of(),
                List.of(),
                List.of(new OpenFailure(
                        "failure",
                        STORY.key(),
                        "3",
                        "qc",
                        "remeasure",
                        "PERMANENT",
                        "not-measurable-again",
                        "its old result is kept",
                        "Measure it again",
                        1,
                        "",
                        T)));

        // When
        SeriesStatus state = SeriesStatus.of(measured);

        // Then
        assertThat(state.state()).isEqualTo(SeriesStatus.State.ATTENTION);
        assertThat(state.stage()).isEqualTo(SeriesStatus.Stage.MEASURED);
        assertThat(state.verdict()).isEqualTo(QcComplete.Level.PASS);
        assertThat(state.reason().message()).contains("its old result is kept");
    }

    @Test
    void anExportThatCouldNotBeMadeAgainIsKeptAndAsksForAPerson() {
        // Given
        Reason renewal =
                new Reason("renewal-failed", "The export of before stands; XNAT answers 403", "Give the right");
        SeriesDetails series = new SeriesDetails(
                "3",
                null,
                recorded(STORY.tagged("3", 1, "T1", "Sag T1")),
                recorded(STORY.exported("3", 1, "T1").withRenewal(Optional.of(renewal))),
                List.of(recorded(STORY.measured("3", 1, "T1", QcComplete.Level.PASS))),
                List.of(),
                List.of(),
                List.of());

        // When
        SeriesStatus state = SeriesStatus.of(series);

        // Then
        assertThat(state.state()).isEqualTo(SeriesStatus.State.ATTENTION);
        assertThat(state.reason()).isEqualTo(renewal);
        assertThat(state.verdict()).isEqualTo(QcComplete.Level.PASS);
    }

    private static <E extends org.datman.contracts.event.Event> Recorded<E> recorded(E event) {
        return new Recorded<>(event, T, T, UUID.randomUUID());
    }

    private static SeriesDetails details(Optional<SeriesExported> exported) {
        SeriesTagged tagged = STORY.tagged("5002", 1, "RST", "EPI");
        SeriesTagged.Assignment plain = tagged.assignments().get(0);
        SeriesTagged.Assignment part = SeriesTaggedAssignmentBuilder.builder()
                .tag(plain.tag())
                .stem(plain.stem())
                .qcKind(plain.qcKind())
                .formats(plain.formats())
                .echoNumber(plain.echoNumber())
                .part(plain.part())
                .combine(Optional.of("5"))
                .build();
        SeriesTagged combined = tagged.withAssignments(List.of(part));
        return new SeriesDetails(
                "5002",
                null,
                new Recorded<>(combined, T, T, UUID.randomUUID()),
                exported.map(event -> new Recorded<>(event, T.plusSeconds(5), T.plusSeconds(5), UUID.randomUUID()))
                        .orElse(null),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }
}
