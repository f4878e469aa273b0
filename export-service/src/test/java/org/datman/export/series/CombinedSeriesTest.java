package org.datman.export.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.export.TinySeries;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several series that are one image: created once, under the leading one, and again when a part is added, removed or changed. */
class CombinedSeriesTest {

    @TempDir
    Path folder;

    @AutoClose
    private ExportFixture fixture;

    private Session session;
    private SeriesTagged first;
    private SeriesTagged second;
    private SeriesTagged third;

    @BeforeEach
    void build() throws IOException {
        fixture = new ExportFixture(folder);
        for (int part = 1; part <= 3; part++) {
            TinySeries.write(folder.resolve("dicom/" + part), 5000 + part, "EPI", 3, 1, part);
        }
        session = fixture.load(folder.resolve("dicom"));
        List<Scan> scans = session.scans();
        first = part(session, scans.get(0));
        second = part(session, scans.get(1));
        third = part(session, scans.get(2));
    }

    @Test
    void nothingIsMadeBeforeTheSessionHasSettled() throws IOException {
        // Given
        fixture.export(first);

        // When
        fixture.export(second);

        // Then
        assertThat(fixture.published).isEmpty();
        assertThat(fixture.publicFiles()).isEmpty();
    }

    @Test
    void theSettledSessionMakesOneImageOfAllParts() throws IOException {
        // Given
        tagAll(first, second, third);

        // When
        List<SeriesExported> published = fixture.settle(1, first, second, third);

        // Then
        assertThat(published).extracting(SeriesExported::scan).containsExactly("5001", "5002", "5003");
        assertThat(published)
                .extracting(SeriesExported::outcome)
                .containsExactly(Outcome.EXPORTED, Outcome.COMBINED, Outcome.COMBINED);
        assertThat(published.get(0).source().orElseThrow().fileCount()).isEqualTo(9);
        assertThat(published.get(0).reason().orElseThrow().message()).contains("3 scans", "5001, 5002, 5003");
        assertThat(published.get(1).reason().orElseThrow().message()).startsWith("Part of scan 5001");
        assertThat(fixture.publicFiles().keySet()).isNotEmpty().allMatch(path -> path.contains("_BOLD_5001_EPI"));
        assertThat(provenance(published.get(0))).contains("\"parts\"", "5002/IM0001.dcm", "5003/IM0003.dcm");
    }

    @Test
    void aTaggingThatComesAfterTheSettledSessionIsStillAPart() throws IOException {
        // Given
        fixture.export(first);
        fixture.settle(1, first, second);

        // When
        fixture.export(second);

        // Then
        assertThat(fixture.publishedSince(0))
                .extracting(SeriesExported::outcome)
                .containsExactly(Outcome.EXPORTED, Outcome.COMBINED);
        assertThat(fixture.publishedSince(0).get(0).source().orElseThrow().fileCount())
                .isEqualTo(6);
    }

    @Test
    void theTaggingOfAnySeriesOfTheSettledSessionCanBeTheLastThingThatIsWaitedFor() throws IOException {
        // Given
        SeriesTagged alone = ExportFixture.later(second, 1, Decision.IGNORED, second.fingerprint());
        fixture.export(first);
        fixture.settle(1, first, second);
        assertThat(fixture.exporter.waiting(first.session()).values())
                .singleElement()
                .satisfies(waiting -> {
                    assertThat(waiting.scan()).isEqualTo("5001");
                    assertThat(waiting.facts()).containsExactly("the tagging of scan 5002 (revision 1)");
                });

        // When
        fixture.export(alone);

        // Then
        assertThat(fixture.publishedSince(0))
                .extracting(one -> one.scan() + " " + one.outcome())
                .containsExactly("5001 EXPORTED");
        assertThat(fixture.exporter.waiting(first.session())).isEmpty();
    }

    @Test
    void aTaggingOfAnotherSeriesDoesNotMakeAFinishedImageAgain() throws IOException {
        // Given
        tagAll(first, second);
        fixture.settle(1, first, second);
        int before = fixture.published.size();

        // When
        fixture.export(ExportFixture.renamed(third, ExportFixture.SESSION, ExportFixture.tag("REST", "5003", "EPI")));

        // Then
        assertThat(fixture.publishedSince(before))
                .extracting(SeriesExported::scan)
                .containsExactly("5003");
    }

    @Test
    void deliveredAgainItPublishesTheSame() throws IOException {
        // Given
        tagAll(first, second, third);
        List<SeriesExported> before = fixture.settle(1, first, second, third);

        // When
        List<SeriesExported> again = fixture.settle(1, first, second, third);

        // Then
        assertThat(again).isEqualTo(before);
    }

    @Test
    void aLatePartWaitsForTheSessionToSettleAgainAndThenTheImageIsMadeAgain() throws IOException {
        // Given
        tagAll(first, second);
        SeriesExported before = fixture.settle(1, first, second).get(0);
        fixture.export(third);

        // When
        List<SeriesExported> published = fixture.settle(2, first, second, third);

        // Then
        assertThat(fixture.published).hasSize(5);
        assertThat(before.source().orElseThrow().fileCount()).isEqualTo(6);
        assertThat(published.get(0).source().orElseThrow().fileCount()).isEqualTo(9);
        assertThat(published.get(0).exportRevision()).isEqualTo(2);
        assertThat(published).extracting(SeriesExported::scan).containsExactly("5001", "5002", "5003");
    }

    @Test
    void withoutARemovedPartTheImageIsMadeAgain() throws IOException {
        // Given
        tagAll(first, second, third);
        fixture.settle(1, first, second, third);
        int before = fixture.published.size();

        // When
        fixture.exporter.handle(ExportFixture.envelope(
                ExportFixture.later(third, 2, Decision.REMOVED, third.fingerprint()),
                ExportFixture.NOW.plusSeconds(1)));

        // Then
        List<SeriesExported> published = fixture.publishedSince(before);
        assertThat(published).extracting(SeriesExported::scan).containsExactly("5003", "5001", "5002");
        assertThat(published)
                .extracting(SeriesExported::outcome)
                .containsExactly(Outcome.WITHDRAWN, Outcome.EXPORTED, Outcome.COMBINED);
        assertThat(published.get(1).source().orElseThrow().fileCount()).isEqualTo(6);
    }

    @Test
    void theImageOfAllPartsIsKeptWhileXnatHasNoFilesOfOne() throws IOException {
        // Given
        tagAll(first, second, third);
        fixture.settle(1, first, second, third);
        Map<String, String> before = fixture.publicFiles();
        SeriesTagged empty = ExportFixture.later(second, 2, Decision.NOT_CONVERTIBLE, "");
        fixture.exporter.handle(ExportFixture.envelope(empty, ExportFixture.NOW.plusSeconds(1)));

        // When
        List<SeriesExported> published = fixture.settle(2, first, empty, third);

        // Then
        assertThat(fixture.publicFiles()).isEqualTo(before);
        assertThat(published)
                .extracting(one -> one.scan() + " " + one.outcome())
                .containsExactly("5001 EXPORTED", "5002 COMBINED", "5003 COMBINED");
        assertThat(published.get(0).source().orElseThrow().fileCount()).isEqualTo(9);
        assertThat(published.get(0).renewal().orElseThrow().message()).contains("is kept", "scan 5002");
        assertThat(fixture.exporter.waiting(first.session())).isEmpty();
    }

    @Test
    void theImageOfAllPartsIsKeptWhileXnatHasNoFilesOfItsFirst() throws IOException {
        // Given
        tagAll(first, second);
        fixture.settle(1, first, second);
        Map<String, String> before = fixture.publicFiles();
        SeriesTagged empty = ExportFixture.later(first, 2, Decision.NOT_CONVERTIBLE, "");
        fixture.exporter.handle(ExportFixture.envelope(empty, ExportFixture.NOW.plusSeconds(1)));

        // When
        fixture.settle(2, empty, second);

        // Then
        assertThat(fixture.publicFiles()).isEqualTo(before);
    }

    @Test
    void theImageIsAsItWasOnceTheFilesOfItsPartAreBack() throws IOException {
        // Given
        tagAll(first, second);
        SeriesExported before = fixture.settle(1, first, second).get(0);
        SeriesTagged empty = ExportFixture.later(second, 2, Decision.NOT_CONVERTIBLE, "");
        fixture.exporter.handle(ExportFixture.envelope(empty, ExportFixture.NOW.plusSeconds(1)));
        fixture.settle(2, first, empty);
        SeriesTagged back = ExportFixture.later(second, 3, Decision.TAGGED, second.fingerprint());
        fixture.exporter.handle(ExportFixture.envelope(back, ExportFixture.NOW.plusSeconds(2)));

        // When
        List<SeriesExported> published = fixture.settle(3, first, back);

        // Then
        assertThat(published).extracting(SeriesExported::outcome).containsExactly(Outcome.EXPORTED, Outcome.COMBINED);
        assertThat(published.get(0).renewal()).isEmpty();
        assertThat(published.get(0).products()).isEqualTo(before.products());
    }

    @Test
    void theImageOfAllPartsIsKeptWhenFilesOfOneVanish() throws IOException {
        // Given
        tagAll(first, second);
        fixture.settle(1, first, second);
        Map<String, String> before = fixture.publicFiles();
        Scan scan = session.scans().get(1);
        fixture.remove(session, scan, ExportFixture.dicom(scan).files().get(2).path());
        SeriesTagged fewer = ExportFixture.later(
                second, 2, Decision.TAGGED, part(session, scan).fingerprint());
        fixture.exporter.handle(ExportFixture.envelope(fewer, ExportFixture.NOW.plusSeconds(1)));

        // When
        List<SeriesExported> published = fixture.settle(2, first, fewer);

        // Then
        assertThat(fixture.publicFiles()).isEqualTo(before);
        assertThat(published.get(0).renewal().orElseThrow().code()).isEqualTo("renewal-worse");
    }

    @Test
    void anImageThatBecomesAPartIsNotReplacedByOneOfFewerFiles() throws IOException {
        // Given a series that was an image by itself, lost a file on XNAT and is now to be combined with others
        SeriesTagged alone = first.withAssignments(List.of(ExportFixture.tag("BOLD", "5001", "EPI")));
        fixture.export(alone);
        Map<String, String> before = fixture.publicFiles();
        Scan scan = session.scans().get(0);
        fixture.remove(session, scan, ExportFixture.dicom(scan).files().get(2).path());
        SeriesTagged fewer = ExportFixture.later(
                first, 2, Decision.TAGGED, part(session, scan).fingerprint());
        fixture.exporter.handle(ExportFixture.envelope(fewer, ExportFixture.NOW.plusSeconds(1)));

        // When
        List<SeriesExported> published = fixture.settle(2, fewer);

        // Then
        assertThat(published.get(0).renewal().orElseThrow().code()).isEqualTo("renewal-worse");
        assertThat(fixture.publicFiles()).isEqualTo(before);
    }

    @Test
    void anotherPartLeadsWhenTheLeadingOneIsRemoved() throws IOException {
        // Given
        tagAll(first, second, third);
        fixture.settle(1, first, second, third);
        int before = fixture.published.size();

        // When
        fixture.exporter.handle(ExportFixture.envelope(
                ExportFixture.later(first, 2, Decision.REMOVED, first.fingerprint()),
                ExportFixture.NOW.plusSeconds(1)));

        // Then
        List<SeriesExported> published = fixture.publishedSince(before);
        assertThat(published)
                .extracting(SeriesExported::outcome)
                .containsExactly(Outcome.WITHDRAWN, Outcome.EXPORTED, Outcome.COMBINED);
        assertThat(published.get(2).reason().orElseThrow().message()).startsWith("Part of scan 5002");
        assertThat(fixture.publicFiles().keySet()).isNotEmpty().allMatch(path -> path.contains("_BOLD_5002_EPI"));
    }

    @Test
    void aPartThatGetsAnotherTagIsAnImageByItself() throws IOException {
        // Given
        tagAll(first, second, third);
        fixture.settle(1, first, second, third);
        int before = fixture.published.size();

        // When
        fixture.exporter.handle(ExportFixture.envelope(
                ExportFixture.renamed(second, ExportFixture.SESSION, ExportFixture.tag("REST", "5002", "EPI")),
                ExportFixture.NOW.plusSeconds(1)));

        // Then
        List<SeriesExported> published = fixture.publishedSince(before);
        assertThat(published)
                .extracting(one -> one.scan() + " " + one.outcome() + " "
                        + one.source().map(SeriesExported.Source::fileCount).orElse(0L))
                .containsExactly("5002 EXPORTED 3", "5001 EXPORTED 6", "5003 COMBINED 0");
        assertThat(fixture.publicFiles().keySet()).anyMatch(path -> path.contains("_REST_5002_EPI.nii.gz"));
    }

    @Test
    void askedToExportAPartAgainTheWholeImageIsMade() throws IOException {
        // Given
        tagAll(first, second, third);
        fixture.settle(1, first, second, third);

        // When
        fixture.exportAgain(second);

        // Then
        assertThat(fixture.publishedSince(3))
                .extracting(one -> one.scan() + " " + one.exportRevision())
                .containsExactly("5001 2", "5002 1", "5003 1");
    }

    private SeriesTagged part(Session session, Scan scan) {
        return fixture.tagged(session, scan, ExportFixture.part("BOLD", scan.id(), "EPI", "5"));
    }

    private void tagAll(SeriesTagged... series) throws IOException {
        for (SeriesTagged one : series) {
            fixture.export(one);
        }
    }

    private String provenance(SeriesExported exported) throws IOException {
        return Files.readString(fixture.archive.resolve(exported.products()
                .get(0)
                .file(FileRole.PROVENANCE)
                .orElseThrow()
                .path()));
    }
}
