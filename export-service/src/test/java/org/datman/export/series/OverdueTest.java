package org.datman.export.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.export.TinySeries;
import org.datman.platform.study.Studies;
import org.datman.simulator.archive.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image that waits for its parts longer than a session takes to settle is told, with the fact that it waits for. */
class OverdueTest {

    @TempDir
    Path folder;

    @Test
    void anImageThatWaitsTooLongIsToldWithTheFactAndNoLongerOnceItIsMade() throws Exception {
        // Given
        try (House house = new House(folder)) {
            for (int part = 1; part <= 2; part++) {
                TinySeries.write(folder.resolve("dicom/" + part), 5000 + part, "EPI", 3, 1, part);
            }
            Session session = house.load(folder.resolve("dicom"));
            SeriesTagged first = house.tagged(
                    session,
                    session.scans().get(0),
                    House.part("BOLD", session.scans().get(0).id(), "EPI", "5"));
            SeriesTagged second = House.later(
                    house.tagged(
                            session,
                            session.scans().get(1),
                            House.tag("T1", session.scans().get(1).id(), "EPI")),
                    1,
                    Decision.IGNORED,
                    first.fingerprint());
            house.export(first);
            house.settle(1, first, second);

            // When
            List<ProcessingFailed> soon = at(house, Duration.ofMinutes(10)).late();
            List<ProcessingFailed> late = at(house, Duration.ofHours(7)).late();

            // Then
            assertThat(soon).isEmpty();
            assertThat(late).singleElement().satisfies(failed -> {
                assertThat(failed.kind()).isEqualTo(ProcessingFailed.Kind.TRANSIENT);
                assertThat(failed.scan()).contains("5001");
                assertThat(failed.reason().message()).contains("the tagging of scan 5002 (revision 1)");
            });
            house.export(second);
            assertThat(at(house, Duration.ofHours(7)).late()).isEmpty();
        }
    }

    private static Overdue at(House house, Duration later) {
        return new Overdue(
                house.exporter,
                house.states,
                new Studies(
                        house.archive.root().resolve("no-studies"),
                        Optional.empty(),
                        Duration.ofSeconds(1),
                        Clock.systemUTC()),
                null,
                Clock.fixed(House.NOW.plus(later), ZoneOffset.UTC),
                Duration.ofMinutes(30));
    }
}
