package org.datman.export.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.export.TinySeries;
import org.datman.export.index.SeriesState;
import org.datman.simulator.archive.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Killed at any write and redelivered, the archive ends as in an undisturbed run. */
class KillTest {

    /** More writes than any of these runs has. */
    private static final int ENOUGH = 40;

    @TempDir
    Path folder;

    @Test
    void firstExport() throws IOException {
        // Given
        Map<String, String> calm = run(folder.resolve("calm"), -1, -1, Change.NONE);

        // When
        // Then
        for (int writes = 0; writes < 12; writes++) {
            assertThat(run(folder.resolve("kill-" + writes), writes, -1, Change.NONE))
                    .as("killed at write %d", writes)
                    .isEqualTo(calm);
        }
    }

    @Test
    void otherNames() throws IOException {
        // Given
        Map<String, String> calm = run(folder.resolve("calm"), -1, -1, Change.NAMES);

        // When
        // Then
        for (int writes = 0; writes < 14; writes++) {
            assertThat(run(folder.resolve("kill-" + writes), -1, writes, Change.NAMES))
                    .as("killed at write %d", writes)
                    .isEqualTo(calm);
        }
    }

    @Test
    void interruptedAndThenRemoved() throws IOException {
        // Given
        Map<String, String> calm = run(folder.resolve("calm"), -1, -1, Change.REMOVED);

        // When
        // Then
        assertThat(calm).isEmpty();
        for (int writes = 0; writes < 8; writes++) {
            assertThat(run(folder.resolve("kill-" + writes), -1, writes, Change.REMOVED))
                    .as("killed at write %d", writes)
                    .isEqualTo(calm);
        }
    }

    private enum Change {
        NONE,
        NAMES,
        REMOVED
    }

    /** Exports, changes, and is killed at the given writes of either; each killed event is redelivered. */
    private Map<String, String> run(Path place, int killFirst, int killChange, Change change) throws IOException {
        try (ExportFixture fixture = new ExportFixture(place)) {
            TinySeries.write(place.resolve("dicom"), 5, "multi echo", 3, 2, 1);
            Session session = fixture.load(place.resolve("dicom"));
            SeriesTagged tagged =
                    fixture.tagged(session, session.scans().get(0), ExportFixture.tag("MAG", "05", "multi-echo"));
            deliver(fixture, tagged, killFirst);
            if (change == Change.NAMES) {
                deliver(
                        fixture,
                        ExportFixture.renamed(
                                tagged, ExportFixture.SESSION, ExportFixture.tag("FMAP", "05", "multi-echo")),
                        killChange);
            } else if (change == Change.REMOVED) {
                deliver(fixture, ExportFixture.later(tagged, 2, Decision.REMOVED, ""), killChange);
            }
            SeriesState state =
                    fixture.states.read(tagged.session(), tagged.scan()).orElseThrow();
            assertThat(state.unsettled()).isEmpty();
            assertThat(fixture.published).isNotEmpty();
            return fixture.publicFiles();
        }
    }

    private static void deliver(ExportFixture fixture, SeriesTagged tagged, int killAt) throws IOException {
        if (killAt >= 0 && killAt < ENOUGH) {
            fixture.archive.killAfter(killAt);
            try {
                fixture.export(tagged);
            } catch (FaultyArchive.Killed killed) {
                assertThat(fixture.published).doesNotContainNull();
            }
            fixture.archive.revive();
        }
        fixture.export(tagged);
    }
}
