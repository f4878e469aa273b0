package org.datman.export.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.export.TinySeries;
import org.datman.simulator.archive.Session;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scans of several exams in one session: each tells of the others for as long as they are there. */
class OtherExamsTest {

    @TempDir
    Path folder;

    @AutoClose
    private House house;

    private SeriesTagged first;
    private SeriesTagged second;
    private SeriesTagged third;

    /** Scan 5 of one exam, scans 6 and 7 of another. */
    @BeforeEach
    void build() throws IOException {
        house = new House(folder);
        TinySeries.ofExam(folder.resolve("dicom/5"), 1, 5, 2);
        TinySeries.ofExam(folder.resolve("dicom/6"), 2, 6, 2);
        TinySeries.ofExam(folder.resolve("dicom/7"), 2, 7, 2);
        Session session = house.load(folder.resolve("dicom"));
        first = tagged(session, 0);
        second = tagged(session, 1);
        third = tagged(session, 2);
    }

    /** With a tag that no image fits, so that there is more to tell of each. */
    private SeriesTagged tagged(Session session, int scan) {
        String id = session.scans().get(scan).id();
        return house.tagged(
                session,
                session.scans().get(scan),
                House.tag("T1", "0" + id, "Sag-T1"),
                House.tag("PHA", "0" + id, "Sag-T1", null, "phase"));
    }

    @Test
    void anotherScanOfTheOtherExamIsAddedToWhatIsTold() throws IOException {
        // Given
        house.export(first);
        house.export(second);
        int before = house.said.size();

        // When
        house.export(third);

        // Then
        List<SeriesExported> said = house.saidSince(before);
        assertThat(said).extracting(SeriesExported::scan).containsExactly("7", "5");
        assertThat(message(said.get(0))).contains("of another exam (StudyInstanceUID) than scans 5 of");
        assertThat(message(said.get(1))).contains("of another exam (StudyInstanceUID) than scans 6, 7 of");
    }

    @Test
    void whatIsToldIsTakenBackWhenTheOtherExamIsGone() throws IOException {
        // Given
        SeriesExported alone = house.export(first);
        house.export(second);
        int before = house.said.size();

        // When
        house.export(House.later(second, 2, Decision.REMOVED, ""));

        // Then
        List<SeriesExported> said = house.saidSince(before);
        assertThat(said)
                .extracting(one -> one.scan() + " " + one.outcome())
                .containsExactly("6 " + Outcome.WITHDRAWN, "5 " + Outcome.EXPORTED);
        assertThat(said.get(1).reason()).isEqualTo(alone.reason());
        assertThat(said.get(1).reason().map(Reason::code)).contains("no-image-for-tag");
        assertThat(said.get(1).exportRevision()).isEqualTo(3);
    }

    @Test
    void nothingIsLeftToTellWhenTheOtherExamWasAllThereWas() throws IOException {
        // Given
        SeriesTagged plain = first.withAssignments(first.assignments().subList(0, 1));
        house.export(plain);
        house.export(second);

        // When
        SeriesExported corrected = house.export(House.later(second, 2, Decision.REMOVED, ""));

        // Then
        assertThat(corrected.scan()).isEqualTo("5");
        assertThat(corrected.reason()).isEqualTo(Optional.empty());
    }

    @Test
    void deliveredAgainNothingIsCorrectedTwice() throws IOException {
        // Given
        house.export(first);
        house.export(second);
        int before = house.said.size();

        // When
        house.export(second);

        // Then
        assertThat(house.saidSince(before)).extracting(SeriesExported::scan).containsExactly("6");
    }

    private static String message(SeriesExported exported) {
        return exported.reason().orElseThrow().message();
    }
}
