package org.datman.export.series;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.BurnedInText;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.KeptDicom;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Assignment;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.event.SeriesTaggedAssignmentBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.export.TinySeries;
import org.datman.export.claim.TakenName;
import org.datman.export.claim.TakenNames;
import org.datman.export.index.SeriesState;
import org.datman.export.request.ExportKey;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomHeader;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.imaging.dicom.Dictionary;
import org.datman.imaging.dicom.ReadOptions;
import org.datman.platform.event.OutageException;
import org.datman.platform.event.PermanentException;
import org.datman.simulator.archive.Session;
import org.datman.simulator.fault.FaultRule;
import org.datman.simulator.importer.LoadOptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The outcomes of a tagged series: exported, published again, renamed, withdrawn, failed. */
class TaggedSeriesTest {

    private static final String NII = "SPN01/nii/" + ExportFixture.SESSION + "/" + ExportFixture.SESSION;

    @TempDir
    Path folder;

    @AutoClose
    private ExportFixture fixture;

    @BeforeEach
    void build() throws IOException {
        fixture = new ExportFixture(folder);
    }

    @Test
    void filesLieUnderTheirNamesWithProvenance() throws IOException {
        // Given
        SeriesTagged tagged = oneSeries();

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        assertThat(exported.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(exported.reason()).isEmpty();
        assertThat(fixture.publicFiles().keySet())
                .containsExactly(
                        "SPN01/dcm/" + ExportFixture.SESSION + "/" + ExportFixture.SESSION + "_T1_05_Sag-T1.dcm",
                        NII + "_T1_05_Sag-T1.json",
                        NII + "_T1_05_Sag-T1.nii.gz",
                        "SPN01/provenance/" + ExportFixture.SESSION + "/" + ExportFixture.SESSION
                                + "_T1_05_Sag-T1.dcm2niix.log",
                        "SPN01/provenance/" + ExportFixture.SESSION + "/" + ExportFixture.SESSION
                                + "_T1_05_Sag-T1.prov.json");
        assertThat(exported.products().get(0).dimensions()).containsExactly(16, 16, 4, 1);
        String provenance = Files.readString(fixture.archive.resolve(
                "SPN01/provenance/" + ExportFixture.SESSION + "/" + ExportFixture.SESSION + "_T1_05_Sag-T1.prov.json"));
        assertThat(provenance).contains("IM0001.dcm", "\"arguments\"", "dcm2niix", exported.runKey(), "config-1");
    }

    @Test
    void theTimeOfEachStepIsMeasured() throws IOException {
        // Given
        SeriesTagged tagged = oneSeries();

        // When
        fixture.export(tagged);

        // Then
        assertThat(fixture.metrics.find("datman.export.step").timers())
                .allSatisfy(step -> assertThat(step.count()).isEqualTo(1))
                .extracting(step -> step.getId().getTag("step"))
                .containsExactlyInAnyOrder("download", "headers", "conversion", "publication");
    }

    @Test
    void theEventHasTheDigestsOfAllFilesProvenanceAndLogIncluded() throws IOException {
        // Given
        SeriesTagged tagged = oneSeries();

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        List<FileRef> files = exported.products().get(0).files();
        assertThat(files)
                .extracting(file -> file.role().key())
                .containsExactlyInAnyOrder("dicom", "sidecar", "nifti", "provenance", "log");
        for (FileRef file : files) {
            assertThat(fixture.archive.describe(file.role(), fixture.archive.resolve(file.path())))
                    .isEqualTo(file);
        }
    }

    @Test
    void anExportWhoseIndexWasLostIsNewerThanAllThatWasPublished() throws IOException {
        // Given
        SeriesTagged tagged = oneSeries();
        fixture.export(tagged);
        SeriesExported last = fixture.exportAgain(tagged);
        Files.delete(fixture.archive.resolve(
                ".datman/series/xnat/" + tagged.session().accession() + "/5.json"));

        // When
        SeriesExported again = fixture.export(tagged);

        // Then
        assertThat(last.exportRevision()).isEqualTo(2);
        assertThat(again.exportRevision()).isGreaterThan(2);
        assertThat(again.products())
                .extracting(SeriesExported.Product::stem)
                .containsExactly("SPN01_CMH_0001_01_01_T1_05_Sag-T1");
    }

    @Test
    void askedForASessionAgainOneFaultySeriesKeepsNoneOfTheOthers() throws IOException {
        // Given two scans, the first of which has a tagging that cannot be exported
        TinySeries.write(folder.resolve("two/4"), 4, "Sag T1", 2, 1, 1);
        TinySeries.write(folder.resolve("two/5"), 5, "Sag T1", 2, 1, 2);
        Session session = fixture.load(folder.resolve("two"));
        SeriesTagged bad = fixture.tagged(session, session.scans().get(0), ExportFixture.tag("T1", "04", "Sag-T1"));
        SeriesTagged good = fixture.tagged(session, session.scans().get(1), ExportFixture.tag("T1", "05", "Sag-T1"));
        fixture.export(good);
        fixture.states.write(new SeriesState(
                bad.withStudy(Optional.empty()),
                "id",
                ExportFixture.NOW,
                Optional.empty(),
                List.of(),
                List.of(),
                "",
                List.of(),
                Optional.empty()));

        // When
        // Then
        assertThatThrownBy(() -> fixture.exportAllAgain(good))
                .isInstanceOf(PermanentException.class)
                .hasMessageContaining("tagging-incomplete");
        assertThat(fixture.lastPublished().scan()).isEqualTo(good.scan());
        assertThat(fixture.lastPublished().exportRevision()).isEqualTo(2);
    }

    @Test
    void aDamagedProvenanceIsMadeAgain() throws IOException {
        // Given
        SeriesTagged tagged = oneSeries();
        FileRef provenance = fixture.export(tagged)
                .products()
                .get(0)
                .file(FileRole.PROVENANCE)
                .orElseThrow();
        Files.writeString(fixture.archive.resolve(provenance.path()), "{");

        // When
        SeriesExported again = fixture.export(tagged);

        // Then
        assertThat(again.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(fixture.archive.resolve(provenance.path())).content().contains("\"origin\"");
    }

    @Test
    void aNameOfAnotherSessionIsNotTakenAlthoughItsProvenanceIsDamaged() throws IOException {
        // Given files that belong to another session according to the index
        SeriesTagged tagged = oneSeries();
        FileRef provenance = fixture.export(tagged)
                .products()
                .get(0)
                .file(FileRole.PROVENANCE)
                .orElseThrow();
        SeriesState state = fixture.states.read(tagged.session(), tagged.scan()).orElseThrow();
        SessionRef other = new SessionRef("xnat", "OTHER");
        fixture.states.write(new SeriesState(
                tagged.withSession(other),
                state.taggedId(),
                state.taggedAt(),
                state.exported().map(exported -> exported.withSession(other)),
                state.images(),
                state.dicoms(),
                state.conversionKey(),
                List.of(),
                state.exam()));
        Files.delete(fixture.archive.resolve(
                ".datman/series/xnat/" + tagged.session().accession() + "/5.json"));
        Files.writeString(fixture.archive.resolve(provenance.path()), "{");

        // When
        SeriesExported failed = fixture.export(tagged);

        // Then
        assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(failed.reason().orElseThrow().code()).isEqualTo("name-taken");
        assertThat(failed.reason().orElseThrow().message()).contains("OTHER");
    }

    @Test
    void nothingOfThePersonIsInEventOrSidecar() throws IOException {
        // Given
        SeriesTagged tagged = oneSeries();

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        FileRef sidecar = exported.products().get(0).file(FileRole.SIDECAR).orElseThrow();
        assertThat(new String(EventJson.write(exported), UTF_8)).doesNotContain("Hidden");
        assertThat(fixture.archive.resolve(sidecar.path()))
                .content()
                .doesNotContain("Hidden", "\"Patient", "AcquisitionDateTime");
    }

    @Test
    void deliveredAgainItPublishesTheSameWithoutReadingXnat() throws IOException {
        // Given
        SeriesTagged tagged = oneSeries();
        SeriesExported first = fixture.export(tagged);
        fixture.simulator.faults().add(FaultRule.status(500));

        // When
        SeriesExported second = fixture.export(tagged);

        // Then
        assertThat(second).isEqualTo(first);
        assertThat(fixture.published).hasSize(2);
    }

    @Test
    void aDamagedFileIsMadeAgainWhenDeliveredAgain() throws IOException {
        // Given
        SeriesTagged tagged = oneSeries();
        SeriesExported first = fixture.export(tagged);
        FileRef nifti = first.products().get(0).file(FileRole.NIFTI).orElseThrow();
        Files.writeString(fixture.archive.resolve(nifti.path()), "not this");

        // When
        SeriesExported second = fixture.export(tagged);

        // Then
        assertThat(second.products().get(0).file(FileRole.NIFTI)).contains(nifti);
        assertThat(fixture.archive.describe(FileRole.NIFTI, fixture.archive.resolve(nifti.path())))
                .isEqualTo(nifti);
    }

    @Test
    void otherNamesMoveTheFilesWithoutReadingXnat() throws IOException {
        // Given
        SeriesTagged tagged = oneSeries();
        SeriesExported first = fixture.export(tagged);
        SeriesTagged renamed = ExportFixture.renamed(
                tagged,
                "SPN01_CMH_0001_01_02",
                SeriesTaggedAssignmentBuilder.builder()
                        .tag("T2")
                        .stem("SPN01_CMH_0001_01_02_T2_05_Sag-T1")
                        .qcKind("anat")
                        .formats(List.of("nii", "dcm"))
                        .build());
        fixture.simulator.faults().add(FaultRule.status(500));

        // When
        SeriesExported second = fixture.export(renamed);

        // Then
        assertThat(second.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(second.exportRevision()).isEqualTo(2);
        assertThat(second.products().get(0).file(FileRole.NIFTI).orElseThrow().sha256())
                .isEqualTo(first.products()
                        .get(0)
                        .file(FileRole.NIFTI)
                        .orElseThrow()
                        .sha256());
        assertThat(fixture.publicFiles().keySet())
                .hasSize(5)
                .allMatch(path -> path.contains("SPN01_CMH_0001_01_02_T2"));
        assertThat(fixture.withdrawn()).contains("_T1_05_Sag-T1.nii.gz", "withdrawn.json");
    }

    @Test
    void aRemovedSeriesIsWithdrawnAndPublished() throws IOException {
        // Given
        SeriesTagged tagged = oneSeries();
        fixture.export(tagged);

        // When
        SeriesExported gone = fixture.export(ExportFixture.later(tagged, 2, Decision.REMOVED, ""));

        // Then
        assertThat(gone.outcome()).isEqualTo(Outcome.WITHDRAWN);
        assertThat(gone.reason().orElseThrow().code()).isEqualTo("removed");
        assertThat(fixture.publicFiles()).isEmpty();
        assertThat(fixture.withdrawn()).contains("_T1_05_Sag-T1.nii.gz");
    }

    @Test
    void aSeriesThatWasNeverExportedNeedsNoWord() throws IOException {
        // Given
        SeriesTagged tagged = oneSeries();

        // When
        fixture.export(ExportFixture.later(tagged, 1, Decision.UNMATCHED, tagged.fingerprint()));

        // Then
        assertThat(fixture.published).isEmpty();
    }

    @Test
    void anOlderTaggingIsPassedOver() throws IOException {
        // Given
        SeriesTagged tagged = oneSeries();
        fixture.export(ExportFixture.later(tagged, 3, Decision.TAGGED, tagged.fingerprint()));

        // When
        fixture.exporter.handle(ExportFixture.envelope(
                ExportFixture.later(tagged, 2, Decision.REMOVED, ""), ExportFixture.NOW.minusSeconds(60)));

        // Then
        assertThat(fixture.published).hasSize(1);
        assertThat(fixture.publicFiles()).isNotEmpty();
    }

    @Test
    void aRequestDoesItAgainAlthoughNothingChanged() throws IOException {
        // Given
        SeriesTagged tagged = oneSeries();
        SeriesExported first = fixture.export(tagged);

        // When
        SeriesExported second = fixture.exportAgain(tagged);

        // Then
        assertThat(second.exportRevision()).isEqualTo(first.exportRevision() + 1);
        assertThat(second.runKey()).isEqualTo(first.runKey());
        assertThat(second.products().get(0).file(FileRole.NIFTI))
                .isEqualTo(first.products().get(0).file(FileRole.NIFTI));
    }

    @Test
    void everyEchoGetsItsImageAndItsHeader() throws IOException {
        // Given
        TinySeries.write(folder.resolve("dicom"), 5, "multi echo", 4, 2, 1);
        Session session = fixture.load(folder.resolve("dicom"));
        SeriesTagged tagged =
                fixture.tagged(session, session.scans().get(0), ExportFixture.tag("MAG", "05", "multi-echo"));

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        assertThat(exported.products())
                .extracting(SeriesExported.Product::stem)
                .containsExactly(
                        ExportFixture.SESSION + "_MAG_05_multi-echo", ExportFixture.SESSION + "_MAG_05_multi-echo-e2");
        assertThat(echo(exported.products().get(0))).contains("1");
        assertThat(echo(exported.products().get(1))).contains("2");
    }

    @Test
    void theSidecarStatesWhatArrived() throws IOException {
        // Given two echoes of four slices
        TinySeries.write(folder.resolve("dicom"), 5, "multi echo", 4, 2, 1);
        Session session = fixture.load(folder.resolve("dicom"));
        SeriesTagged tagged =
                fixture.tagged(session, session.scans().get(0), ExportFixture.tag("MAG", "05", "multi-echo"));

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        for (SeriesExported.Product product : exported.products()) {
            JsonNode counted = new ObjectMapper()
                    .readTree(fixture.archive
                            .resolve(
                                    product.file(FileRole.SIDECAR).orElseThrow().path())
                            .toFile())
                    .get("SourceCompleteness");
            assertThat(counted.get("ImagesArrived").intValue()).isEqualTo(8);
            assertThat(counted.get("VolumesArrived").intValue()).isEqualTo(1);
            assertThat(counted.get("VolumesComplete").intValue()).isEqualTo(1);
            assertThat(counted.get("Basis")).isEmpty();
        }
    }

    @Test
    void theKeptDicomNamesNobodyAndItsProvenanceHasBothDigests() throws IOException {
        // Given
        SeriesTagged tagged = oneSeries();

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        FileRef kept = exported.products().get(0).file(FileRole.DICOM).orElseThrow();
        DicomHeader header = DicomReader.read(fixture.archive.resolve(kept.path()));
        assertThat(header.dataset().contains(Dictionary.tagOf("PatientName"))).isTrue();
        assertThat(header.texts(List.of("PatientName", "PatientID", "SeriesDescription", "PatientIdentityRemoved")))
                .isEqualTo(Map.of("SeriesDescription", "Sag T1", "PatientIdentityRemoved", "YES"));
        JsonNode provenance = provenance(exported);
        String original = provenance.at("/dicom/originalSha256").textValue();
        assertThat(provenance.at("/dicom/form").textValue()).isEqualTo("blanked");
        assertThat(original).isNotEqualTo(kept.sha256());
        assertThat(provenance.at("/source/files"))
                .anySatisfy(file -> assertThat(file.get("sha256").textValue()).isEqualTo(original));
        assertThat(provenance.at("/files"))
                .anySatisfy(file -> assertThat(file.get("sha256").textValue()).isEqualTo(kept.sha256()));
    }

    @Test
    void aStudyMayKeepTheDicomAsReceivedAndChangeItsMind() throws IOException {
        // Given
        SeriesTagged blanked = oneSeries();
        SeriesTagged original = blanked.withKeptDicom(Optional.of(KeptDicom.ORIGINAL));
        List<Optional<String>> names = new ArrayList<>();

        // When
        for (SeriesTagged tagged : List.of(blanked, original, blanked)) {
            FileRef kept = fixture.export(tagged)
                    .products()
                    .get(0)
                    .file(FileRole.DICOM)
                    .orElseThrow();
            names.add(DicomReader.read(fixture.archive.resolve(kept.path())).string("PatientName"));
        }

        // Then
        assertThat(names).containsExactly(Optional.empty(), Optional.of("Hidden^Person"), Optional.empty());
        assertThat(provenance(fixture.lastPublished()).at("/dicom/form").textValue())
                .isEqualTo("blanked");
    }

    @Test
    void aDicomOfAnEarlierVersionStaysUntilItsSeriesIsExportedAgain() throws IOException {
        // Given an export as an earlier version left it: as received, and the index does not state how
        SeriesTagged tagged = oneSeries();
        FileRef received = fixture.export(tagged.withKeptDicom(Optional.of(KeptDicom.ORIGINAL)))
                .products()
                .get(0)
                .file(FileRole.DICOM)
                .orElseThrow();
        SeriesState state = fixture.states.read(tagged.session(), tagged.scan()).orElseThrow();
        fixture.states.write(new SeriesState(
                tagged,
                state.taggedId(),
                state.taggedAt(),
                state.exported().map(last -> last.withRunKey(ExportKey.of(state.conversionKey(), tagged))),
                state.images(),
                state.dicoms().stream()
                        .map(dicom -> new SeriesState.KeptDicom(
                                dicom.facts(), dicom.file(), Optional.empty(), Optional.empty()))
                        .toList(),
                state.conversionKey(),
                state.unsettled(),
                state.exam()));

        // When
        SeriesExported delivered = fixture.export(tagged);
        SeriesExported again = fixture.exportAgain(tagged);

        // Then
        assertThat(delivered.products().get(0).file(FileRole.DICOM)).contains(received);
        FileRef blanked = again.products().get(0).file(FileRole.DICOM).orElseThrow();
        assertThat(DicomReader.read(fixture.archive.resolve(blanked.path())).string("PatientName"))
                .isEmpty();
    }

    @Test
    void aDicomOfAnEarlierVersionMayStayAsReceivedAlsoAfterAnotherName() throws IOException {
        // Given an export as an earlier version left it
        SeriesTagged tagged = oneSeries();
        fixture.export(tagged.withKeptDicom(Optional.of(KeptDicom.ORIGINAL)));
        SeriesState state = fixture.states.read(tagged.session(), tagged.scan()).orElseThrow();
        fixture.states.write(new SeriesState(
                tagged,
                state.taggedId(),
                state.taggedAt(),
                state.exported().map(last -> last.withRunKey(ExportKey.of(state.conversionKey(), tagged))),
                state.images(),
                state.dicoms().stream()
                        .map(dicom -> new SeriesState.KeptDicom(
                                dicom.facts(), dicom.file(), Optional.empty(), Optional.empty()))
                        .toList(),
                state.conversionKey(),
                state.unsettled(),
                state.exam()));

        // When
        SeriesExported renamed = fixture.export(
                ExportFixture.renamed(tagged, ExportFixture.SESSION, ExportFixture.tag("T1", "05", "renamed")));

        // Then
        SeriesState after = fixture.states.read(tagged.session(), tagged.scan()).orElseThrow();
        assertThat(after.dicoms()).singleElement().satisfies(dicom -> {
            assertThat(dicom.form()).isEmpty();
            assertThat(dicom.serves(KeptDicom.BLANKED)).isTrue();
        });
        assertThat(provenance(renamed).at("/dicom/form").textValue()).isEqualTo("original");
    }

    @Test
    void aScreenshotIsNotExportedUnlessTheStudyWantsIt() throws IOException {
        // Given a series of which one image is a screenshot
        TinySeries.write(folder.resolve("dicom"), 5, "Sag T1", 4, 1, 1);
        Path screenshot = folder.resolve("dicom/IM0004.dcm");
        change(screenshot, "BurnedInAnnotation", "YES");
        Session session = fixture.load(folder.resolve("dicom"));
        SeriesTagged tagged = fixture.t1(session);

        // When
        SeriesExported withheld = fixture.export(tagged);
        SeriesExported wanted = fixture.export(tagged.withBurnedInText(Optional.of(BurnedInText.EXPORTED)));

        // Then
        assertThat(withheld.reason().orElseThrow().code()).isEqualTo("burned-in-text");
        assertThat(withheld.reason().orElseThrow().message()).contains("'IM0004.dcm'");
        assertThat(withheld.products().get(0).dimensions()).containsExactly(16, 16, 3, 1);
        assertThat(wanted.reason()).isEmpty();
        assertThat(wanted.products().get(0).dimensions()).containsExactly(16, 16, 4, 1);
    }

    @Test
    void aSeriesOfScreenshotsHasNoImage() throws IOException {
        // Given
        TinySeries.write(folder.resolve("dicom"), 5, "Screen Save", 1, 1, 1);
        Path screenshot = folder.resolve("dicom/IM0001.dcm");
        change(screenshot, "ImageType", "DERIVED\\SECONDARY\\SCREEN SAVE");
        Session session = fixture.load(folder.resolve("dicom"));

        // When
        SeriesExported exported = fixture.export(fixture.t1(session));

        // Then
        assertThat(exported.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(exported.reason().orElseThrow().code()).isEqualTo("burned-in-text");
        assertThat(exported.reason().orElseThrow().action()).contains("BurnedInText: exported", "Ignore");
    }

    /** Sets an element of a file. */
    private static void change(Path file, String keyword, String value) throws IOException {
        DicomHeader header = DicomReader.read(file, ReadOptions.WHOLE);
        Path changed = file.resolveSibling("changed");
        try (OutputStream out = Files.newOutputStream(changed)) {
            DicomWriter.rewrite(
                    out,
                    file,
                    header,
                    DicomDataset.builder()
                            .setAll(header.dataset())
                            .set(keyword, value)
                            .build());
        }
        Files.move(changed, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private JsonNode provenance(SeriesExported exported) throws IOException {
        FileRef file = exported.products().get(0).file(FileRole.PROVENANCE).orElseThrow();
        return new ObjectMapper().readTree(fixture.archive.resolve(file.path()).toFile());
    }

    @Test
    void formatsDecideWhatIsKept() throws IOException {
        // Given
        Session session = fixture.loadT1(4);
        Assignment headerOnly = SeriesTaggedAssignmentBuilder.builder()
                .tag("T1")
                .stem(ExportFixture.SESSION + "_T1_05_Sag-T1")
                .qcKind("anat")
                .formats(List.of("dcm"))
                .build();

        // When
        SeriesExported exported =
                fixture.export(fixture.tagged(session, session.scans().get(0), headerOnly));

        // Then
        assertThat(exported.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(exported.products().get(0).files())
                .extracting(file -> file.role().key())
                .containsExactly("dicom", "provenance");
    }

    @Test
    void twoScansOfASessionWithOneNameBothKeepTheirFiles() throws IOException {
        // Given
        TinySeries.write(folder.resolve("dicom/a"), 5, "Sag T1", 4, 1, 1);
        TinySeries.write(folder.resolve("dicom/b"), 6, "Sag T1", 4, 1, 2);
        Session session = fixture.load(folder.resolve("dicom"));
        fixture.export(fixture.tagged(session, session.scans().get(0), ExportFixture.tag("T1", "05", "Sag-T1")));

        // When
        SeriesExported second = fixture.export(
                fixture.tagged(session, session.scans().get(1), ExportFixture.tag("T1", "05", "Sag-T1")));

        // Then
        assertThat(second.products().get(0).stem()).isEqualTo(ExportFixture.SESSION + "_T1_05_Sag-T1-scan6");
        assertThat(fixture.publicFiles().keySet())
                .filteredOn(path -> path.endsWith(".nii.gz"))
                .hasSize(2);
    }

    @Test
    void seriesThatShareASeriesInstanceUidBecameOneScanAndItIsReported() throws IOException {
        // Given
        for (int series = 5; series <= 7; series++) {
            TinySeries.write(folder.resolve("dicom/" + series), series, 5, "Sag T1", 4, 1, series);
        }
        Session session = fixture.load(folder.resolve("dicom"));

        // When
        SeriesExported exported = fixture.export(
                fixture.tagged(session, session.scans().get(0), ExportFixture.tag("T1", "05", "Sag-T1")));

        // Then
        assertThat(session.scans()).hasSize(1);
        assertThat(exported.reason().orElseThrow().message())
                .contains(
                        "3 series (SeriesNumber 5, 6, 7)", "share one SeriesInstanceUID", "kept under this one's name");
        assertThat(exported.reason().orElseThrow().action()).contains("archive each as a scan of its own");
        assertThat(exported.products())
                .extracting(SeriesExported.Product::stem)
                .containsExactly(
                        ExportFixture.SESSION + "_T1_05_Sag-T1",
                        ExportFixture.SESSION + "_T1_05_Sag-T1-s6",
                        ExportFixture.SESSION + "_T1_05_Sag-T1-s7");
    }

    @Test
    void aNameOfAnotherSessionIsNotTaken() throws IOException {
        // Given
        SeriesTagged tagged = oneSeries();
        fixture.export(tagged);
        Map<String, String> before = fixture.publicFiles();

        // When
        SeriesExported failed = fixture.export(namesake());

        // Then
        assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(failed.reason().orElseThrow().code()).isEqualTo("name-taken");
        assertThat(fixture.publicFiles()).isEqualTo(before);
    }

    /** A series of another session whose tagging has the name of the first. */
    private SeriesTagged namesake() throws IOException {
        TinySeries.write(folder.resolve("other"), 5, "Sag T1", 4, 1, 9);
        Session other = fixture.simulator.addSession(
                folder.resolve("other"),
                LoadOptions.project("OTHER").subject("S").label("OTHER"));
        return fixture.tagged(other, other.scans().get(0), ExportFixture.tag("T1", "05", "Sag-T1"));
    }

    @Test
    void aSeriesThatIsRefusedItsNameAgainAndAgainWaitsOnce() throws IOException {
        // Given
        fixture.export(oneSeries());
        SeriesTagged refused = namesake();
        fixture.export(refused);

        // When
        fixture.exportAgain(refused);

        // Then
        assertThat(new TakenNames(fixture.archive).stored()).hasSize(1);
    }

    @Test
    void aRefusalOfAnEarlierVersionIsRecordedAtTheStart() throws IOException {
        // Given a failure whose name was not stored, and after it
        fixture.export(oneSeries());
        SeriesTagged refused = namesake();
        fixture.export(refused);
        TakenNames names = new TakenNames(fixture.archive);
        TakenName before = names.read(names.stored().get(0)).orElseThrow();
        Files.delete(names.stored().get(0));

        // When
        fixture.exporter.noteWaiting(refused.session());

        // Then
        TakenName noted = names.read(names.stored().get(0)).orElseThrow();
        assertThat(noted.path()).isEqualTo(before.path());
        assertThat(noted.scan()).isEqualTo(before.scan());
        assertThat(fixture.exporter.claimant(noted).served()).isFalse();
    }

    @Test
    void aNameIsFreeForTheSeriesWhoseExportUnderItWasInterrupted() throws IOException {
        // Given a refused series, its first files already under the name
        SeriesTagged first = oneSeries();
        fixture.export(first);
        SeriesTagged refused = namesake();
        fixture.export(refused);
        TakenNames names = new TakenNames(fixture.archive);
        TakenName taken = names.read(names.stored().get(0)).orElseThrow();
        boolean before = names.isFree(taken, fixture.exporter.claimant(taken));
        SeriesState state =
                fixture.states.read(refused.session(), refused.scan()).orElseThrow();

        // When
        fixture.states.write(state.withUnsettled(List.of(taken.path())));

        // Then
        assertThat(before).isFalse();
        assertThat(names.isFree(taken, fixture.exporter.claimant(taken))).isTrue();
    }

    @Test
    void aBrokenFileIsNamedAndTheRestIsExported() throws IOException {
        // Given
        Session session = fixture.loadT1(4);
        String path = ExportFixture.dicom(session.scans().get(0)).files().get(3).path();
        byte[] whole = Files.readAllBytes(folder.resolve("dicom/IM0004.dcm"));
        Session damaged = fixture.simulator.addScanFile(
                session.id(),
                session.scans().get(0).id(),
                "DICOM",
                path,
                java.util.Arrays.copyOf(whole, whole.length - 100));

        // When
        SeriesExported exported = fixture.export(fixture.t1(damaged));

        // Then
        assertThat(exported.outcome()).isEqualTo(Outcome.PARTIAL);
        assertThat(exported.reason().orElseThrow().code()).isEqualTo("broken-dicom");
        assertThat(exported.reason().orElseThrow().message()).contains("1 of 4 files", path);
        assertThat(exported.products().get(0).dimensions()).containsExactly(16, 16, 3, 1);
    }

    @Test
    void aConverterThatHangsIsStopped() throws IOException {
        // Given
        Path slow = folder.resolve("slow-dcm2niix");
        Files.writeString(slow, "#!/bin/sh\n[ \"$1\" = --version ] && echo v1.0.1 && exit 3\nexec sleep 60\n");
        slow.toFile().setExecutable(true);
        try (ExportFixture slowFixture =
                new ExportFixture(folder.resolve("slow"), slow.toString(), Duration.ofMillis(300))) {
            SeriesTagged tagged = slowFixture.t1(slowFixture.loadT1(4));

            // When
            SeriesExported failed = slowFixture.export(tagged);

            // Then
            assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(failed.reason().orElseThrow().message()).contains("stopped after PT0.3S");
        }
    }

    @Test
    void aConverterThatPrintsMuchHasConvertedAllTheSame() throws IOException {
        // Given a converter that reports its conversions at the end, after five megabytes
        Path program = folder.resolve("talkative-dcm2niix");
        Files.writeString(
                program,
                "#!/bin/sh\n[ \"$1\" = --version ] || yes 'Warning: odd' | head -c 5000000\nexec dcm2niix \"$@\"\n");
        program.toFile().setExecutable(true);
        fixture.useConverter(program);

        // When
        SeriesExported exported = fixture.export(oneSeries());

        // Then
        assertThat(exported.outcome()).as("%s", exported.reason()).isEqualTo(Outcome.EXPORTED);
    }

    @Test
    void withoutAConverterItWaits() throws IOException {
        // Given
        try (ExportFixture bare =
                new ExportFixture(folder.resolve("bare"), "no-such-dcm2niix", Duration.ofSeconds(5))) {
            SeriesTagged tagged = bare.t1(bare.loadT1(4));

            // When
            // Then
            assertThatThrownBy(() -> bare.export(tagged))
                    .isInstanceOf(OutageException.class)
                    .hasMessageContaining("DATMAN_DCM2NIIX");
        }
    }

    private SeriesTagged oneSeries() throws IOException {
        return fixture.t1(fixture.loadT1(4));
    }

    private Optional<String> echo(SeriesExported.Product product) throws IOException {
        return DicomReader.read(fixture.archive.resolve(
                        product.file(FileRole.DICOM).orElseThrow().path()))
                .string("EchoNumbers");
    }
}
