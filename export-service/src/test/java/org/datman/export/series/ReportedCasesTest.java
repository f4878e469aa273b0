package org.datman.export.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SeriesExported.Product;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Assignment;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cases that users of such systems reported in public, reduced in size; the right values are in {@code shared/cases/README.md}. */
class ReportedCasesTest {

    @TempDir
    Path folder;

    @AutoClose
    private ExportFixture fixture;

    @BeforeEach
    void build() throws IOException {
        fixture = new ExportFixture(folder);
    }

    /** Outcome, code of the reason, volumes expected, received and complete (0: unknown), and the kept files. */
    @ParameterizedTest
    @CsvSource({
        "HOLE, 5, PARTIAL, slices-missing, 1, 1, 1, 64x64x23x1",
        "TOPCUT, 5, PARTIAL, images-missing, 1, 1, 1, 64x64x18x1",
        "STOPPED, 5, PARTIAL, volumes-broken, 6, 6, 5, 32x32x8x5",
        "RUNHOLE, 5, PARTIAL, volumes-broken, 6, 6, 5, 32x32x8x5",
        "HALFRUN, 5, PARTIAL, volumes-missing, 10, 5, 5, 32x32x8x5",
        "COPIES, 4, EXPORTED, copies, 0, 5, 5, 32x32x8x5",
        "CLOCK, 4, EXPORTED, sidecar-corrected, 20, 20, 20, 32x32x8x20",
        "PRSTATE, 3, EXPORTED, '', 0, 1, 1, 64x64x24x1",
        "ONEVOL, 5, EXPORTED, '', 0, 1, 1, 32x32x8x1",
        "TRACE, 6, EXPORTED, derived-left-out, 0, 9, 9, 32x32x8x8",
    })
    void comesOutAsReported(
            String name, String scan, Outcome outcome, String code, int expected, int arrived, int whole, String kept)
            throws IOException {
        // Given
        Session session = load(name);
        SeriesTagged tagged = fixture.tagged(session, scan(session, scan), ExportFixture.tag("T1", "05", "case"));

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        SeriesExported.Completeness completeness = exported.completeness().orElseThrow();
        assertThat(exported.outcome()).as("%s", exported.reason()).isEqualTo(outcome);
        assertThat(exported.reason().map(reason -> reason.code()).orElse("")).isEqualTo(code);
        assertThat(completeness.promisedVolumes().orElse(0)).isEqualTo(expected);
        assertThat(completeness.volumesArrived()).isEqualTo(arrived);
        assertThat(completeness.volumesComplete()).isEqualTo(whole);
        assertThat(exported.products()).extracting(ReportedCasesTest::shape).containsExactly(kept);
    }

    @Test
    void aStoppedRunStatesWhatCameAndNotWhatTheConverterAdvises() throws IOException {
        // Given
        Session session = load("STOPPED");
        SeriesTagged tagged = fixture.tagged(session, scan(session, "5"), ExportFixture.tag("RST", "05", "rest"));

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        assertThat(exported.reason().orElseThrow().message())
                .contains("5 of 6 volumes are complete", "volume 6 has 3 of 8 slices")
                .doesNotContainIgnoringCase("recompil")
                .doesNotContain("i_5_1");
        assertThat(exported.completeness().orElseThrow().promisedImages()).contains(48);
        assertThat(exported.completeness().orElseThrow().imagesArrived()).isEqualTo(43);
    }

    @Test
    void aRunThatFellApartIsReported() throws IOException {
        // Given
        Session session = load("PACE");
        SeriesTagged tagged = fixture.tagged(session, scan(session, "5"), ExportFixture.tag("RST", "05", "rest"));

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        assertThat(exported.outcome()).isEqualTo(Outcome.PARTIAL);
        assertThat(exported.reason().orElseThrow().code()).isEqualTo("orientation-changes");
        assertThat(exported.reason().orElseThrow().message()).contains("5 orientations", "one of 5 volumes");
        assertThat(exported.products()).hasSize(5);
    }

    @Test
    void aPhaseThatNeverCameIsMissing() throws IOException {
        // Given
        Session session = load("NOPHASE");
        SeriesTagged tagged = fixture.tagged(
                session,
                scan(session, "9"),
                ExportFixture.tag("FMAG", "09", "B0map", null, "magnitude"),
                ExportFixture.tag("FPH", "09", "B0map", null, "phase"));

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        assertThat(exported.products()).extracting(Product::tag).containsExactly("FMAG");
        assertThat(exported.completeness().orElseThrow().tagsWithoutImage()).containsExactly("FPH");
        assertThat(exported.reason().orElseThrow().code()).isEqualTo("no-image-for-tag");
        assertThat(exported.outcome()).isEqualTo(Outcome.EXPORTED);
    }

    @Test
    void aSeriesNumberOfTenDigitsIsTheWholeNumberInNameAndFact() throws IOException {
        // Given
        Session session = load("LONGNUMBER");
        List<String> stems = new ArrayList<>();

        // When
        for (Scan scan : session.scans()) {
            SeriesTagged tagged = fixture.tagged(session, scan, ExportFixture.tag("T1", scan.id(), "mprage"));
            stems.add(fixture.export(tagged).products().get(0).stem());
        }

        // Then
        assertThat(stems)
                .containsExactly(
                        ExportFixture.SESSION + "_T1_1203040506_mprage",
                        ExportFixture.SESSION + "_T1_1203040507_mprage");
    }

    @Test
    void imagesThatAreEachASeriesBecomeOneByCombine() throws IOException {
        // Given
        Session session = load("CANON");
        List<SeriesTagged> parts = new ArrayList<>();
        for (Scan scan : session.scans()) {
            parts.add(fixture.tagged(
                    session, scan, ExportFixture.part("CAN", "10000", "canon-rest-scan-" + scan.id(), "10000")));
        }
        for (SeriesTagged part : parts) {
            fixture.export(part);
        }

        // When
        List<SeriesExported> published = fixture.settle(1, parts.toArray(SeriesTagged[]::new));

        // Then
        assertThat(published).hasSize(24);
        SeriesExported image = published.get(0);
        assertThat(image.outcome()).as("%s", image.reason()).isEqualTo(Outcome.EXPORTED);
        assertThat(image.products()).extracting(ReportedCasesTest::shape).containsExactly("32x32x8x3");
    }

    @Test
    void theOtherExamOfASessionIsReported() throws IOException {
        // Given
        Session session = load("RESTART");
        List<SeriesTagged> tagged = new ArrayList<>();
        for (Scan scan : session.scans()) {
            tagged.add(fixture.tagged(session, scan, ExportFixture.tag("RST", "03", "rest-scan-" + scan.id())));
        }
        fixture.export(tagged.get(0));

        // When
        fixture.export(tagged.get(1));

        // Then it is reported for both, in any order
        assertThat(fixture.publishedSince(1))
                .extracting(SeriesExported::scan)
                .containsExactly(tagged.get(1).scan(), tagged.get(0).scan());
        assertThat(fixture.publishedSince(1)).allSatisfy(reported -> {
            assertThat(reported.outcome()).isEqualTo(Outcome.EXPORTED);
            assertThat(reported.reason().orElseThrow().code()).isEqualTo("another-exam");
        });
        assertThat(fixture.publishedSince(1).get(0).reason().orElseThrow().message())
                .contains("scans " + tagged.get(0).scan());
        assertThat(fixture.publishedSince(1).get(1).reason().orElseThrow().message())
                .contains("scans " + tagged.get(1).scan());
        assertThat(fixture.publishedSince(1).get(1).exportRevision()).isEqualTo(2);
    }

    @Test
    void whatTheScannerComputedIsKeptWhenATagAsksForIt() throws IOException {
        // Given
        Session session = load("TRACE");
        Assignment plain = ExportFixture.tag("DTI", "06", "dti");
        Assignment asked = ExportFixture.tag("ADC", "06", "dti");
        Assignment derived =
                asked.withDerived(java.util.Optional.of(true)).withPhaseEncodingDirection(java.util.Optional.empty());
        SeriesTagged tagged = fixture.tagged(session, scan(session, "6"), plain, derived);

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        assertThat(exported.products()).extracting(Product::tag).containsExactly("DTI", "ADC");
        assertThat(exported.products()).extracting(ReportedCasesTest::shape).containsExactly("32x32x8x8", "32x32x8x9");
    }

    private Session load(String name) throws IOException {
        Path archive = Path.of(System.getProperty("datman.shared-data", "none"))
                .resolveSibling("cases")
                .resolve("dicom/" + name + ".tar.xz");
        Assumptions.assumeTrue(Files.isRegularFile(archive), "Skipped: the reported cases are not here");
        return fixture.load(archive);
    }

    private static Scan scan(Session session, String id) {
        return session.scans().stream()
                .filter(scan -> scan.id().equals(id))
                .min(Comparator.comparing(Scan::id))
                .orElseThrow();
    }

    private static String shape(Product product) {
        return String.join(
                "x", product.dimensions().stream().map(String::valueOf).toList());
    }
}
