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

/** Scans of several exams in one session: each reports the others as long as they exist. */
class OtherExamsTest {

    @TempDir
    Path folder;

    @AutoClose
    private ExportFixture fixture;

    private SeriesTagged first;
    private SeriesTagged second;
    private SeriesTagged third;

    /** Scan 5 of one exam, scans 6 and 7 of another. */
    @BeforeEach
    void build() throws IOException {
        fixture = new ExportFixture(folder);
        TinySeries.ofExam(folder.resolve("dicom/5"), 1, 5, 2);
        TinySeries.ofExam(folder.resolve("dicom/6"), 2, 6, 2);
        TinySeries.ofExam(folder.resolve("dicom/7"), 2, 7, 2);
        Session session = fixture.load(folder.resolve("dicom"));
        first = tagged(session, 0);
        second = tagged(session, 1);
        third = tagged(session, 2);
    }

    /** With a tag that no image matches, so that each has another issue. */
    private SeriesTagged tagged(Session session, int scan) {
        String id = session.scans().get(scan).id();
        return fixture.tagged(
                session,
                session.scans().get(scan),
                ExportFixture.tag("T1", "0" + id, "Sag-T1"),
                ExportFixture.tag("PHA", "0" + id, "Sag-T1", null, "phase"));
    }

    @Test
    void anotherScanOfTheOtherExamIsAddedToWhatIsReported() throws IOException {
        // Given
        fixture.export(first);
        fixture.export(second);
        int before = fixture.published.size();

        // When
        fixture.export(third);

        // Then
        List<SeriesExported> published = fixture.publishedSince(before);
        assertThat(published).extracting(SeriesExported::scan).containsExactly("7", "5");
        assertThat(message(published.get(0))).contains("of another exam (StudyInstanceUID) than scans 5 of");
        assertThat(message(published.get(1))).contains("of another exam (StudyInstanceUID) than scans 6, 7 of");
    }

    @Test
    void whatIsReportedIsTakenBackWhenTheOtherExamIsGone() throws IOException {
        // Given
        SeriesExported alone = fixture.export(first);
        fixture.export(second);
        int before = fixture.published.size();

        // When
        fixture.export(ExportFixture.later(second, 2, Decision.REMOVED, ""));

        // Then
        List<SeriesExported> published = fixture.publishedSince(before);
        assertThat(published)
                .extracting(one -> one.scan() + " " + one.outcome())
                .containsExactly("6 " + Outcome.WITHDRAWN, "5 " + Outcome.EXPORTED);
        assertThat(published.get(1).reason()).isEqualTo(alone.reason());
        assertThat(published.get(1).reason().map(Reason::code)).contains("no-image-for-tag");
        assertThat(published.get(1).exportRevision()).isEqualTo(3);
    }

    @Test
    void nothingIsLeftToReportWhenTheOtherExamWasAllThereWas() throws IOException {
        // Given
        SeriesTagged plain = first.withAssignments(first.assignments().subList(0, 1));
        fixture.export(plain);
        fixture.export(second);

        // When
        SeriesExported corrected = fixture.export(ExportFixture.later(second, 2, Decision.REMOVED, ""));

        // Then
        assertThat(corrected.scan()).isEqualTo("5");
        assertThat(corrected.reason()).isEqualTo(Optional.empty());
    }

    @Test
    void deliveredAgainNothingIsCorrectedTwice() throws IOException {
        // Given
        fixture.export(first);
        fixture.export(second);
        int before = fixture.published.size();

        // When
        fixture.export(second);

        // Then
        assertThat(fixture.publishedSince(before))
                .extracting(SeriesExported::scan)
                .containsExactly("6");
    }

    private static String message(SeriesExported exported) {
        return exported.reason().orElseThrow().message();
    }
}
