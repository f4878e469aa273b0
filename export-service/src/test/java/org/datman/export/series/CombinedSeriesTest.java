package org.datman.export.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

/** Several series that are one image: made once, under the leading one, and anew when a part comes, goes or changes. */
class CombinedSeriesTest {

    @TempDir
    Path folder;

    @AutoClose
    private House house;

    private Session session;
    private SeriesTagged first;
    private SeriesTagged second;
    private SeriesTagged third;

    @BeforeEach
    void build() throws IOException {
        house = new House(folder);
        for (int part = 1; part <= 3; part++) {
            TinySeries.write(folder.resolve("dicom/" + part), 5000 + part, "EPI", 3, 1, part);
        }
        session = house.load(folder.resolve("dicom"));
        List<Scan> scans = session.scans();
        first = part(session, scans.get(0));
        second = part(session, scans.get(1));
        third = part(session, scans.get(2));
    }

    @Test
    void nothingIsMadeBeforeTheSessionHasSettled() throws IOException {
        // Given
        house.export(first);

        // When
        house.export(second);

        // Then
        assertThat(house.said).isEmpty();
        assertThat(house.publicFiles()).isEmpty();
    }

    @Test
    void theSettledSessionMakesOneImageOfAllParts() throws IOException {
        // Given
        tagAll(first, second, third);

        // When
        List<SeriesExported> said = house.settle(1, first, second, third);

        // Then
        assertThat(said).extracting(SeriesExported::scan).containsExactly("5001", "5002", "5003");
        assertThat(said)
                .extracting(SeriesExported::outcome)
                .containsExactly(Outcome.EXPORTED, Outcome.COMBINED, Outcome.COMBINED);
        assertThat(said.get(0).source().orElseThrow().fileCount()).isEqualTo(9);
        assertThat(said.get(0).reason().orElseThrow().message()).contains("3 scans", "5001, 5002, 5003");
        assertThat(said.get(1).reason().orElseThrow().message()).startsWith("Part of scan 5001");
        assertThat(house.publicFiles().keySet()).isNotEmpty().allMatch(path -> path.contains("_BOLD_5001_EPI"));
        assertThat(provenance(said.get(0))).contains("\"parts\"", "5002/IM0001.dcm", "5003/IM0003.dcm");
    }

    @Test
    void aTaggingThatComesAfterTheSettledSessionIsStillAPart() throws IOException {
        // Given
        house.export(first);
        house.settle(1, first, second);

        // When
        house.export(second);

        // Then
        assertThat(house.saidSince(0))
                .extracting(SeriesExported::outcome)
                .containsExactly(Outcome.EXPORTED, Outcome.COMBINED);
        assertThat(house.saidSince(0).get(0).source().orElseThrow().fileCount()).isEqualTo(6);
    }

    @Test
    void theTaggingOfAnySeriesOfTheSettledSessionCanBeTheLastThingThatIsWaitedFor() throws IOException {
        // Given
        SeriesTagged alone = House.later(second, 1, Decision.IGNORED, second.fingerprint());
        house.export(first);
        house.settle(1, first, second);
        assertThat(house.exporter.waiting(first.session()).values())
                .singleElement()
                .satisfies(waiting -> {
                    assertThat(waiting.scan()).isEqualTo("5001");
                    assertThat(waiting.facts()).containsExactly("the tagging of scan 5002 (revision 1)");
                });

        // When
        house.export(alone);

        // Then
        assertThat(house.saidSince(0))
                .extracting(one -> one.scan() + " " + one.outcome())
                .containsExactly("5001 EXPORTED");
        assertThat(house.exporter.waiting(first.session())).isEmpty();
    }

    @Test
    void aTaggingOfAnotherSeriesDoesNotMakeAFinishedImageAgain() throws IOException {
        // Given
        tagAll(first, second);
        house.settle(1, first, second);
        int before = house.said.size();

        // When
        house.export(House.renamed(third, House.SESSION, House.tag("REST", "5003", "EPI")));

        // Then
        assertThat(house.saidSince(before)).extracting(SeriesExported::scan).containsExactly("5003");
    }

    @Test
    void deliveredAgainItSaysTheSame() throws IOException {
        // Given
        tagAll(first, second, third);
        List<SeriesExported> before = house.settle(1, first, second, third);

        // When
        List<SeriesExported> again = house.settle(1, first, second, third);

        // Then
        assertThat(again).isEqualTo(before);
    }

    @Test
    void aLatePartWaitsForTheSessionToSettleAgainAndThenTheImageIsMadeAnew() throws IOException {
        // Given
        tagAll(first, second);
        SeriesExported before = house.settle(1, first, second).get(0);
        house.export(third);

        // When
        List<SeriesExported> said = house.settle(2, first, second, third);

        // Then
        assertThat(house.said).hasSize(5);
        assertThat(before.source().orElseThrow().fileCount()).isEqualTo(6);
        assertThat(said.get(0).source().orElseThrow().fileCount()).isEqualTo(9);
        assertThat(said.get(0).exportRevision()).isEqualTo(2);
        assertThat(said).extracting(SeriesExported::scan).containsExactly("5001", "5002", "5003");
    }

    @Test
    void withoutARemovedPartTheImageIsMadeAnew() throws IOException {
        // Given
        tagAll(first, second, third);
        house.settle(1, first, second, third);
        int before = house.said.size();

        // When
        house.exporter.handle(
                House.envelope(House.later(third, 2, Decision.REMOVED, third.fingerprint()), House.NOW.plusSeconds(1)));

        // Then
        List<SeriesExported> said = house.saidSince(before);
        assertThat(said).extracting(SeriesExported::scan).containsExactly("5003", "5001", "5002");
        assertThat(said)
                .extracting(SeriesExported::outcome)
                .containsExactly(Outcome.WITHDRAWN, Outcome.EXPORTED, Outcome.COMBINED);
        assertThat(said.get(1).source().orElseThrow().fileCount()).isEqualTo(6);
    }

    @Test
    void theImageOfAllPartsStandsWhileXnatHasNoFilesOfOne() throws IOException {
        // Given
        tagAll(first, second, third);
        house.settle(1, first, second, third);
        Map<String, String> before = house.publicFiles();
        SeriesTagged empty = House.later(second, 2, Decision.NOT_CONVERTIBLE, "");
        house.exporter.handle(House.envelope(empty, House.NOW.plusSeconds(1)));

        // When
        List<SeriesExported> said = house.settle(2, first, empty, third);

        // Then
        assertThat(house.publicFiles()).isEqualTo(before);
        assertThat(said)
                .extracting(one -> one.scan() + " " + one.outcome())
                .containsExactly("5001 EXPORTED", "5002 COMBINED", "5003 COMBINED");
        assertThat(said.get(0).source().orElseThrow().fileCount()).isEqualTo(9);
        assertThat(said.get(0).renewal().orElseThrow().message()).contains("stands", "scan 5002");
        assertThat(house.exporter.waiting(first.session())).isEmpty();
    }

    @Test
    void theImageOfAllPartsStandsWhileXnatHasNoFilesOfItsFirst() throws IOException {
        // Given
        tagAll(first, second);
        house.settle(1, first, second);
        Map<String, String> before = house.publicFiles();
        SeriesTagged empty = House.later(first, 2, Decision.NOT_CONVERTIBLE, "");
        house.exporter.handle(House.envelope(empty, House.NOW.plusSeconds(1)));

        // When
        house.settle(2, empty, second);

        // Then
        assertThat(house.publicFiles()).isEqualTo(before);
    }

    @Test
    void theImageIsAsItWasOnceTheFilesOfItsPartAreBack() throws IOException {
        // Given
        tagAll(first, second);
        SeriesExported before = house.settle(1, first, second).get(0);
        SeriesTagged empty = House.later(second, 2, Decision.NOT_CONVERTIBLE, "");
        house.exporter.handle(House.envelope(empty, House.NOW.plusSeconds(1)));
        house.settle(2, first, empty);
        SeriesTagged back = House.later(second, 3, Decision.TAGGED, second.fingerprint());
        house.exporter.handle(House.envelope(back, House.NOW.plusSeconds(2)));

        // When
        List<SeriesExported> said = house.settle(3, first, back);

        // Then
        assertThat(said).extracting(SeriesExported::outcome).containsExactly(Outcome.EXPORTED, Outcome.COMBINED);
        assertThat(said.get(0).renewal()).isEmpty();
        assertThat(said.get(0).products()).isEqualTo(before.products());
    }

    @Test
    void theImageOfAllPartsStandsWhenFilesOfOneVanish() throws IOException {
        // Given
        tagAll(first, second);
        house.settle(1, first, second);
        Map<String, String> before = house.publicFiles();
        Scan scan = session.scans().get(1);
        house.remove(session, scan, House.dicom(scan).files().get(2).path());
        SeriesTagged fewer =
                House.later(second, 2, Decision.TAGGED, part(session, scan).fingerprint());
        house.exporter.handle(House.envelope(fewer, House.NOW.plusSeconds(1)));

        // When
        List<SeriesExported> said = house.settle(2, first, fewer);

        // Then
        assertThat(house.publicFiles()).isEqualTo(before);
        assertThat(said.get(0).renewal().orElseThrow().code()).isEqualTo("renewal-worse");
    }

    @Test
    void anImageThatBecomesAPartIsNotReplacedByOneOfFewerFiles() throws IOException {
        // Given a series that was an image by itself, lost a file on XNAT and is now to be put together with others
        SeriesTagged alone = first.withAssignments(List.of(House.tag("BOLD", "5001", "EPI")));
        house.export(alone);
        Map<String, String> before = house.publicFiles();
        Scan scan = session.scans().get(0);
        house.remove(session, scan, House.dicom(scan).files().get(2).path());
        SeriesTagged fewer =
                House.later(first, 2, Decision.TAGGED, part(session, scan).fingerprint());
        house.exporter.handle(House.envelope(fewer, House.NOW.plusSeconds(1)));

        // When
        List<SeriesExported> said = house.settle(2, fewer);

        // Then
        assertThat(said.get(0).renewal().orElseThrow().code()).isEqualTo("renewal-worse");
        assertThat(house.publicFiles()).isEqualTo(before);
    }

    @Test
    void anotherPartLeadsWhenTheLeadingOneIsRemoved() throws IOException {
        // Given
        tagAll(first, second, third);
        house.settle(1, first, second, third);
        int before = house.said.size();

        // When
        house.exporter.handle(
                House.envelope(House.later(first, 2, Decision.REMOVED, first.fingerprint()), House.NOW.plusSeconds(1)));

        // Then
        List<SeriesExported> said = house.saidSince(before);
        assertThat(said)
                .extracting(SeriesExported::outcome)
                .containsExactly(Outcome.WITHDRAWN, Outcome.EXPORTED, Outcome.COMBINED);
        assertThat(said.get(2).reason().orElseThrow().message()).startsWith("Part of scan 5002");
        assertThat(house.publicFiles().keySet()).isNotEmpty().allMatch(path -> path.contains("_BOLD_5002_EPI"));
    }

    @Test
    void aPartThatGetsAnotherTagIsAnImageByItself() throws IOException {
        // Given
        tagAll(first, second, third);
        house.settle(1, first, second, third);
        int before = house.said.size();

        // When
        house.exporter.handle(House.envelope(
                House.renamed(second, House.SESSION, House.tag("REST", "5002", "EPI")), House.NOW.plusSeconds(1)));

        // Then
        List<SeriesExported> said = house.saidSince(before);
        assertThat(said)
                .extracting(one -> one.scan() + " " + one.outcome() + " "
                        + one.source().map(SeriesExported.Source::fileCount).orElse(0L))
                .containsExactly("5002 EXPORTED 3", "5001 EXPORTED 6", "5003 COMBINED 0");
        assertThat(house.publicFiles().keySet()).anyMatch(path -> path.contains("_REST_5002_EPI.nii.gz"));
    }

    @Test
    void askedToExportAPartAgainTheWholeImageIsMade() throws IOException {
        // Given
        tagAll(first, second, third);
        house.settle(1, first, second, third);

        // When
        house.exportAgain(second);

        // Then
        assertThat(house.saidSince(3))
                .extracting(one -> one.scan() + " " + one.exportRevision())
                .containsExactly("5001 2", "5002 1", "5003 1");
    }

    private SeriesTagged part(Session session, Scan scan) {
        return house.tagged(session, scan, House.part("BOLD", scan.id(), "EPI", "5"));
    }

    private void tagAll(SeriesTagged... series) throws IOException {
        for (SeriesTagged one : series) {
            house.export(one);
        }
    }

    private String provenance(SeriesExported exported) throws IOException {
        return Files.readString(house.archive.resolve(
                exported.products().get(0).file("provenance").orElseThrow().path()));
    }
}
