package org.datman.export.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.KeptDicom;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.export.TinySeries;
import org.datman.imaging.dicom.DicomReader;
import org.datman.simulator.archive.ArchivedFile;
import org.datman.simulator.archive.Session;
import org.datman.simulator.fault.FaultRule;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repeated exports: whatever the outcome, the current export is not lost. */
class RenewalTest {

    private static final String OTHER_SESSION = "SPN01_CMH_0002_01_01";

    @TempDir
    Path folder;

    @AutoClose
    private ExportFixture fixture;

    private Session session;
    private SeriesTagged tagged;

    @BeforeEach
    void build() throws IOException {
        fixture = new ExportFixture(folder);
        session = fixture.loadT1(4);
        tagged = fixture.t1(session);
    }

    @Test
    void aSeriesThatXnatRefusesFailsWithWhatToDo() throws IOException {
        // Given
        fixture.simulator.faults().add(refusal());

        // When
        SeriesExported failed = fixture.export(tagged);

        // Then
        assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(failed.reason().orElseThrow().code()).isEqualTo("no-right");
        assertThat(failed.reason().orElseThrow().action()).contains("right to read", "tried again by itself");
        assertThat(failed.renewal()).isEmpty();
        assertThat(fixture.publicFiles()).isEmpty();
    }

    @Test
    void anotherFormOfTheDicomIsTriedAgainAfterAFailure() throws IOException {
        // Given an export that could not be replaced when the study changed its mind
        fixture.export(tagged);
        SeriesTagged original = tagged.withKeptDicom(Optional.of(KeptDicom.ORIGINAL));
        fixture.simulator.faults().add(refusal());
        fixture.export(original);
        fixture.simulator.faults().clear();

        // When
        SeriesExported again = fixture.export(original);

        // Then
        FileRef dicom = again.products().get(0).file(FileRole.DICOM).orElseThrow();
        assertThat(DicomReader.read(fixture.archive.resolve(dicom.path())).string("PatientName"))
                .isPresent();
        assertThat(again.renewal()).isEmpty();
    }

    @Test
    void theLastExportIsKeptWhenXnatRefusesTheSeries() throws IOException {
        // Given
        SeriesExported first = fixture.export(tagged);
        Map<String, String> before = fixture.publicFiles();
        fixture.simulator.faults().add(refusal());

        // When
        SeriesExported again = fixture.exportAgain(tagged);

        // Then
        assertThat(fixture.publicFiles()).isEqualTo(before);
        assertThat(fixture.withdrawn()).isEmpty();
        assertThat(again.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(again.products()).isEqualTo(first.products());
        assertThat(again.exportRevision()).isEqualTo(2);
        assertThat(again.renewal().orElseThrow().code()).isEqualTo("renewal-failed");
        assertThat(again.renewal().orElseThrow().message()).contains("is kept", "403");
        assertThat(again.renewal().orElseThrow().action()).contains("right to read");
    }

    @Test
    void theFailureEndsWhenTheExportSucceedsLater() throws IOException {
        // Given
        fixture.export(tagged);
        fixture.simulator.faults().add(refusal());
        fixture.exportAgain(tagged);
        fixture.simulator.faults().clear();

        // When
        SeriesExported again = fixture.exportAgain(tagged);

        // Then
        assertThat(again.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(again.renewal()).isEmpty();
        assertThat(again.exportRevision()).isEqualTo(3);
    }

    @Test
    void theFailureEndsWhenTheFilesTurnOutToBeAsTheyWouldBeMade() throws IOException {
        // Given
        fixture.export(tagged);
        fixture.simulator.faults().add(refusal());
        SeriesExported stands = fixture.exportAgain(tagged);

        // When
        SeriesExported reported = fixture.export(tagged);

        // Then
        assertThat(reported.renewal()).isEmpty();
        assertThat(reported.exportRevision()).isGreaterThan(stands.exportRevision());
        assertThat(reported.revision()).isNotEqualTo(stands.revision());
    }

    @Test
    void theLastExportIsKeptWhenTheConverterFails() throws IOException {
        // Given
        fixture.export(tagged);
        Map<String, String> before = fixture.publicFiles();
        fixture.useConverter(brokenConverter());

        // When
        SeriesExported again = fixture.export(tagged);

        // Then
        assertThat(fixture.publicFiles()).isEqualTo(before);
        assertThat(again.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(again.converter().orElseThrow().version()).isNotEqualTo("v9.9.9");
        assertThat(again.renewal().orElseThrow().message()).contains("dcm2niix created no image", "Segmentation");
    }

    @Test
    void theLastExportIsKeptWhenTheNewFilesOnXnatAreUnreadable() throws IOException {
        // Given
        fixture.export(tagged);
        Map<String, String> before = fixture.publicFiles();
        for (ArchivedFile file : ExportFixture.dicom(session.scans().get(0)).files()) {
            session = fixture.simulator.addScanFile(session.id(), "5", "DICOM", file.path(), new byte[200]);
        }
        SeriesTagged worse = newer();

        // When
        SeriesExported again = fixture.export(worse);

        // Then
        assertThat(fixture.publicFiles()).isEqualTo(before);
        assertThat(again.seriesRevision()).isEqualTo(2);
        assertThat(again.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(again.renewal().orElseThrow().message()).contains("The series contains no image");
    }

    @Test
    void theWholeImageIsKeptWhenOneOfItsFilesBecomesUnreadable() throws IOException {
        // Given
        fixture.export(tagged);
        Map<String, String> before = fixture.publicFiles();
        damageOne();
        SeriesTagged worse = newer();

        // When
        SeriesExported again = fixture.export(worse);

        // Then
        assertThat(fixture.publicFiles()).isEqualTo(before);
        assertThat(again.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(again.products().get(0).dimensions()).containsExactly(16, 16, 4, 1);
        assertThat(again.renewal().orElseThrow().code()).isEqualTo("renewal-worse");
        assertThat(again.renewal().orElseThrow().message())
                .contains("16×16×4×1", "would contain less (16×16×3×1)", "1 of 4 files");
    }

    @Test
    void whoeverAsksOnceMoreGetsTheSmallerImageAndTheWholeOneIsKept() throws IOException {
        // Given
        SeriesExported first = fixture.export(tagged);
        damageOne();
        SeriesTagged worse = newer();
        fixture.export(worse);

        // When
        SeriesExported taken = fixture.exportAgain(worse);

        // Then
        assertThat(taken.outcome()).isEqualTo(Outcome.PARTIAL);
        assertThat(taken.renewal()).isEmpty();
        assertThat(taken.products().get(0).dimensions()).containsExactly(16, 16, 3, 1);
        FileRef whole = first.products().get(0).file(FileRole.NIFTI).orElseThrow();
        assertThat(kept(whole)).hasSize(1).allMatch(file -> sha256(file).equals(whole.sha256()));
    }

    @Test
    void theWholeImageIsKeptWhenItsLastFilesVanishFromXnatAndNoHeaderReports() throws IOException {
        // Given
        fixture.export(tagged);
        Map<String, String> before = fixture.publicFiles();
        SeriesTagged fewer = withoutLastTwo();

        // When
        SeriesExported again = fixture.export(fewer);

        // Then
        assertThat(fixture.publicFiles()).isEqualTo(before);
        assertThat(again.products().get(0).dimensions()).containsExactly(16, 16, 4, 1);
        assertThat(again.renewal().orElseThrow().code()).isEqualTo("renewal-worse");
        assertThat(again.renewal().orElseThrow().message())
                .contains("would contain less (16×16×2×1)", "The server has 2 files, 4 before");
    }

    @Test
    void whoeverAsksOnceMoreGetsTheImageOfFewerFiles() throws IOException {
        // Given
        fixture.export(tagged);
        SeriesTagged fewer = withoutLastTwo();
        fixture.export(fewer);

        // When
        SeriesExported taken = fixture.exportAgain(fewer);

        // Then
        assertThat(taken.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(taken.renewal()).isEmpty();
        assertThat(taken.products().get(0).dimensions()).containsExactly(16, 16, 2, 1);
    }

    @Test
    void whatIsMissingOfAnExportIsNotCalledKept() throws IOException {
        // Given
        FileRef nifti =
                fixture.export(tagged).products().get(0).file(FileRole.NIFTI).orElseThrow();
        Files.delete(fixture.archive.resolve(nifti.path()));
        fixture.simulator.faults().add(refusal());

        // When
        SeriesExported again = fixture.exportAgain(tagged);

        // Then
        Reason renewal = again.renewal().orElseThrow();
        assertThat(renewal.code()).isEqualTo("renewal-failed");
        assertThat(renewal.message())
                .startsWith("1 file(s) of the export of ")
                .contains("missing or not as they were published (" + nifti.path() + ")", "403")
                .doesNotContain("is kept");
    }

    @Test
    void aDamagedImageThatWouldBecomeSmallerIsNotCalledKept() throws IOException {
        // Given
        FileRef nifti =
                fixture.export(tagged).products().get(0).file(FileRole.NIFTI).orElseThrow();
        Files.writeString(fixture.archive.resolve(nifti.path()), "not this");
        SeriesTagged fewer = withoutLastTwo();

        // When
        SeriesExported again = fixture.export(fewer);

        // Then
        Reason renewal = again.renewal().orElseThrow();
        assertThat(renewal.code()).isEqualTo("renewal-worse");
        assertThat(renewal.message())
                .contains(nifti.path(), "the new export would contain less (16×16×2×1) than before (16×16×4×1)")
                .doesNotContain("is kept");
        assertThat(fixture.exportAgain(fewer).products().get(0).dimensions()).containsExactly(16, 16, 2, 1);
    }

    @Test
    void aNewTaggingAloneDoesNotTakeTheSmallerImage() throws IOException {
        // Given
        fixture.export(tagged);
        damageOne();
        fixture.export(newer());

        // When
        SeriesExported again = fixture.export(ExportFixture.later(newer(), 3, Decision.TAGGED, newer().fingerprint()));

        // Then
        assertThat(again.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(again.renewal().orElseThrow().code()).isEqualTo("renewal-worse");
    }

    @Test
    void newNamesAreGivenToWhatIsKeptAlthoughItCannotBeMadeAgain() throws IOException {
        // Given a converter of another version, so that the files have to be created again, and a session that was
        // renamed
        SeriesExported first = fixture.export(tagged);
        fixture.useConverter(brokenConverter());
        SeriesTagged renamed = ExportFixture.renamed(
                tagged,
                OTHER_SESSION,
                ExportFixture.tag("T1", "05", "Sag-T1").withStem(OTHER_SESSION + "_T1_05_Sag-T1"));

        // When
        SeriesExported moved = fixture.export(renamed);

        // Then
        assertThat(moved.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(moved.sessionName()).isEqualTo(OTHER_SESSION);
        assertThat(moved.reason()).isEmpty();
        assertThat(moved.renewal().orElseThrow().code()).isEqualTo("renewal-failed");
        assertThat(moved.products().get(0).file(FileRole.NIFTI).orElseThrow().sha256())
                .isEqualTo(first.products()
                        .get(0)
                        .file(FileRole.NIFTI)
                        .orElseThrow()
                        .sha256());
        assertThat(fixture.publicFiles().keySet()).hasSize(5).allMatch(path -> path.contains(OTHER_SESSION));
    }

    @Test
    void aScanWhoseFilesAreNotOnXnatForNowKeepsItsExport() throws IOException {
        // Given
        fixture.export(tagged);
        Map<String, String> before = fixture.publicFiles();

        // When
        SeriesExported reported = fixture.export(ExportFixture.later(tagged, 2, Decision.NOT_CONVERTIBLE, ""));

        // Then
        assertThat(fixture.publicFiles()).isEqualTo(before);
        assertThat(reported.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(reported.seriesRevision()).isEqualTo(2);
        assertThat(reported.renewal()).isPresent();
    }

    @Test
    void aDamagedFileStaysWhereItIsWhenItCannotBeMadeAgain() throws IOException {
        // Given
        SeriesExported first = fixture.export(tagged);
        Path nifti = fixture.archive.resolve(
                first.products().get(0).file(FileRole.NIFTI).orElseThrow().path());
        Files.writeString(nifti, "not this");
        fixture.simulator.faults().add(refusal());

        // When
        SeriesExported again = fixture.export(tagged);

        // Then
        assertThat(fixture.publicFiles()).hasSize(5);
        assertThat(again.renewal()).isPresent();
    }

    @Test
    void partsKeepTheirOwnImagesUntilThereIsOneOfAll() throws IOException {
        // Given two series with separate images, and a study that now combines both into one image
        TinySeries.write(folder.resolve("two/1"), 5001, "EPI", 3, 1, 1);
        TinySeries.write(folder.resolve("two/2"), 5002, "EPI", 3, 1, 2);
        try (ExportFixture other = new ExportFixture(folder.resolve("other"))) {
            Session two = other.load(folder.resolve("two"));
            SeriesTagged one = other.tagged(two, two.scans().get(0), ExportFixture.tag("BOLD", "5001", "EPI"));
            SeriesTagged next = other.tagged(two, two.scans().get(1), ExportFixture.tag("BOLD", "5002", "EPI"));
            other.export(one);
            other.export(next);
            Map<String, String> before = other.publicFiles();
            other.settle(1, one, next);
            other.useConverter(brokenConverter());
            other.export(
                    ExportFixture.renamed(one, ExportFixture.SESSION, ExportFixture.part("BOLD", "5001", "EPI", "50")));
            int published = other.published.size();

            // When
            other.export(ExportFixture.renamed(
                    next, ExportFixture.SESSION, ExportFixture.part("BOLD", "5002", "EPI", "50")));

            // Then
            assertThat(other.publicFiles().keySet()).containsAll(before.keySet());
            assertThat(other.publishedSince(published))
                    .extracting(SeriesExported::outcome)
                    .containsOnly(Outcome.EXPORTED);
            assertThat(other.publishedSince(published))
                    .allMatch(reported -> reported.renewal().isPresent());
        }
    }

    @Test
    void whatIsReplacedUnderItsOwnNameIsKept() throws IOException {
        // Given
        SeriesExported first = fixture.export(tagged);
        TinySeries.write(folder.resolve("more"), 5, "Sag T1", 6, 1, 3);
        for (int i = 1; i <= 6; i++) {
            session = fixture.simulator.addScanFile(
                    session.id(),
                    "5",
                    "DICOM",
                    i <= 4
                            ? ExportFixture.dicom(session.scans().get(0))
                                    .files()
                                    .get(i - 1)
                                    .path()
                            : "late" + i + ".dcm",
                    Files.readAllBytes(folder.resolve("more/IM000" + i + ".dcm")));
        }

        // When
        SeriesExported second = fixture.export(newer());

        // Then
        assertThat(second.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(second.products().get(0).dimensions()).containsExactly(16, 16, 6, 1);
        FileRef old = first.products().get(0).file(FileRole.NIFTI).orElseThrow();
        assertThat(kept(old)).hasSize(1).allMatch(file -> sha256(file).equals(old.sha256()));
    }

    @Test
    void oneOfManyFilesThatIsUnreadableMakesTheImagePartial() throws IOException {
        // Given
        try (ExportFixture many = new ExportFixture(folder.resolve("many"))) {
            Session loaded = many.loadT1(68);
            Path last = folder.resolve("many/dicom/IM0034.dcm");
            String path =
                    ExportFixture.dicom(loaded.scans().get(0)).files().get(33).path();
            byte[] whole = Files.readAllBytes(last);
            Session damaged = many.simulator.addScanFile(
                    loaded.id(), "5", "DICOM", path, Arrays.copyOf(whole, whole.length - 100));

            // When
            SeriesExported exported = many.export(many.t1(damaged));

            // Then
            assertThat(exported.outcome()).isEqualTo(Outcome.PARTIAL);
            assertThat(exported.reason().orElseThrow().code()).isEqualTo("broken-dicom");
            assertThat(exported.reason().orElseThrow().message())
                    .contains("1 of 68 files", path, "1 slices are missing between others");
            assertThat(exported.products()).singleElement().satisfies(product -> assertThat(product.dimensions())
                    .containsExactly(16, 16, 67, 1));
        }
    }

    private FaultRule refusal() {
        return FaultRule.status(403).on("/data/experiments/" + session.id());
    }

    private SeriesTagged newer() {
        SeriesTagged now = fixture.t1(session);
        return ExportFixture.later(now, 2, Decision.TAGGED, now.fingerprint());
    }

    private SeriesTagged withoutLastTwo() throws IOException {
        for (int file = 2; file < 4; file++) {
            fixture.remove(
                    session,
                    session.scans().get(0),
                    ExportFixture.dicom(session.scans().get(0))
                            .files()
                            .get(file)
                            .path());
        }
        return newer();
    }

    private void damageOne() throws IOException {
        String path = ExportFixture.dicom(session.scans().get(0)).files().get(3).path();
        byte[] whole = Files.readAllBytes(folder.resolve("dicom/IM0004.dcm"));
        session = fixture.simulator.addScanFile(
                session.id(), "5", "DICOM", path, Arrays.copyOf(whole, whole.length - 100));
    }

    private Path brokenConverter() throws IOException {
        Path program = folder.resolve("broken-dcm2niix");
        Files.writeString(
                program,
                "#!/bin/sh\n[ \"$1\" = --version ] && echo v9.9.9 && exit 3\necho 'Error: Segmentation fault'\nexit 1\n");
        program.toFile().setExecutable(true);
        return program;
    }

    private List<Path> kept(FileRef file) throws IOException {
        try (Stream<Path> paths = Files.walk(fixture.archive.resolve(".datman/withdrawn"))) {
            return paths.filter(path -> path.endsWith(file.path())).toList();
        }
    }

    private static String sha256(Path file) {
        try {
            return org.datman.platform.archive.Archive.sha256(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
