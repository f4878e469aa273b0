package org.datman.export.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.event.SessionRef;
import org.datman.export.TinySeries;
import org.datman.platform.event.OutageException;
import org.datman.platform.event.PermanentException;
import org.datman.platform.study.Studies;
import org.datman.simulator.archive.Session;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image that waits for its parts longer than a session takes to settle is reported, with what it waits for. */
class OverdueImagesTest {

    private static final Duration LATE = Duration.ofHours(7);

    /** Sorts before the simulated session. */
    private static final SessionRef DAMAGED = new SessionRef("xnat", "A_DAMAGED");

    @TempDir
    Path folder;

    @AutoClose
    private ExportFixture fixture;

    private final List<ProcessingFailed> reported = new ArrayList<>();
    private SeriesTagged second;

    @BeforeEach
    void anImageWaits() throws IOException {
        fixture = new ExportFixture(folder);
        for (int part = 1; part <= 2; part++) {
            TinySeries.write(folder.resolve("dicom/" + part), 5000 + part, "EPI", 3, 1, part);
        }
        Session session = fixture.load(folder.resolve("dicom"));
        SeriesTagged first = fixture.tagged(
                session,
                session.scans().get(0),
                ExportFixture.part("BOLD", session.scans().get(0).id(), "EPI", "5"));
        second = ExportFixture.later(
                fixture.tagged(
                        session,
                        session.scans().get(1),
                        ExportFixture.tag("T1", session.scans().get(1).id(), "EPI")),
                1,
                Decision.IGNORED,
                first.fingerprint());
        fixture.export(first);
        fixture.settle(1, first, second);
    }

    @Test
    void anImageThatWaitsTooLongIsReportedOnceWithTheFact() {
        // Given
        OverdueImages overdue = at(LATE, reported::add);
        overdue.check();

        // When
        overdue.check();

        // Then
        assertThat(reported).singleElement().satisfies(failed -> {
            assertThat(failed.kind()).isEqualTo(ProcessingFailed.Kind.TRANSIENT);
            assertThat(failed.scan()).contains("5001");
            assertThat(failed.reason().message()).contains("the tagging of scan 5002 (revision 1)");
        });
    }

    @Test
    void anImageThatWaitsNotLongYetIsNotReported() {
        // Given
        OverdueImages overdue = at(Duration.ofMinutes(10), reported::add);

        // When
        overdue.check();

        // Then
        assertThat(reported).isEmpty();
    }

    @Test
    void anImageThatIsMadeIsNotReported() throws IOException {
        // Given
        fixture.export(second);
        OverdueImages overdue = at(LATE, reported::add);

        // When
        overdue.check();

        // Then
        assertThat(reported).isEmpty();
    }

    @Test
    void aSessionWithADamagedIndexIsReportedAndTheOthersAreLookedAt() throws IOException {
        // Given
        damage();
        fixture.states.waits(DAMAGED, true);
        OverdueImages overdue = at(LATE, reported::add);
        overdue.check();

        // When
        overdue.check();

        // Then
        assertThat(reported)
                .extracting(
                        failed -> failed.session().orElseThrow(),
                        failed -> failed.scan().orElseThrow(),
                        failed -> failed.reason().code())
                .containsExactly(
                        tuple(DAMAGED, "3", "unreadable-state"), tuple(second.session(), "5001", "waits-for-parts"));
        assertThat(reported.get(0).kind()).isEqualTo(ProcessingFailed.Kind.PERMANENT);
        assertThat(reported.get(0).reason().message()).contains("3.json");
    }

    @Test
    void aSessionThatWaitedBeforeThereWereMarksIsFoundAtTheStart() throws IOException {
        // Given
        fixture.states.waits(second.session(), false);
        OverdueImages overdue = at(LATE, reported::add);

        // When
        overdue.check();

        // Then
        assertThat(fixture.states.waiting()).containsExactly(second.session());
        assertThat(reported).extracting(failed -> failed.reason().code()).containsExactly("waits-for-parts");
    }

    @Test
    void aDamagedIndexIsReportedAtTheStartAlthoughNothingWaits() throws IOException {
        // Given
        damage();
        fixture.states.waits(second.session(), false);
        OverdueImages overdue = at(LATE, reported::add);

        // When
        overdue.check();

        // Then
        assertThat(reported)
                .extracting(failed -> failed.reason().code())
                .containsExactly("unreadable-state", "waits-for-parts");
    }

    @Test
    void whatKafkaDidNotTakeIsReportedNextTime() {
        // Given
        List<String> away = new ArrayList<>(List.of("away"));
        OverdueImages overdue = at(LATE, failed -> {
            if (!away.isEmpty()) {
                throw new OutageException(away.remove(0));
            }
            reported.add(failed);
        });
        overdue.check();

        // When
        overdue.check();

        // Then
        assertThat(reported).hasSize(1);
    }

    @Test
    void whatKafkaRefusesKeepsNothingElseFromBeingPublished() throws IOException {
        // Given
        damage();
        OverdueImages overdue = at(LATE, failed -> {
            if (failed.session().orElseThrow().equals(DAMAGED)) {
                throw new PermanentException(Reason.of("event-refused", "too large"));
            }
            reported.add(failed);
        });

        // When
        overdue.check();

        // Then
        assertThat(reported).extracting(failed -> failed.reason().code()).containsExactly("waits-for-parts");
    }

    private void damage() throws IOException {
        fixture.archive.write(
                FileRole.STATE, ".datman/series/xnat/A_DAMAGED/3.json", "{".getBytes(StandardCharsets.UTF_8));
    }

    private OverdueImages at(Duration later, Consumer<ProcessingFailed> publisher) {
        return new OverdueImages(
                fixture.exporter,
                fixture.states,
                new Studies(fixture.archive.root().resolve("no-studies"), Duration.ofSeconds(1), Clock.systemUTC()),
                publisher,
                Clock.fixed(ExportFixture.NOW.plus(later), ZoneOffset.UTC),
                Duration.ofMinutes(30));
    }
}
