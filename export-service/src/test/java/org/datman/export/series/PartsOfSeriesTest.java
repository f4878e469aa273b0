package org.datman.export.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SeriesTagged;
import org.datman.export.convert.Decompressor;
import org.datman.simulator.archive.Session;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real series that contain several images, and tags that select some of them. */
class PartsOfSeriesTest {

    @TempDir
    Path folder;

    @AutoClose
    private ExportFixture fixture;

    @BeforeEach
    void build() throws IOException {
        fixture = new ExportFixture(folder);
    }

    @Test
    void geFieldMapInHertzAndItsMagnitudeGetTheirOwnTags() throws IOException {
        // Given
        Session session = fixture.loadShared("ge-architect-b0map", "6_CV_Neuro");
        SeriesTagged tagged = fixture.tagged(
                session,
                session.scans().get(0),
                ExportFixture.tag("MAG", "06", "B0map", null, "magnitude"),
                ExportFixture.tag("FMAP", "06", "B0map", null, "fieldmap"));

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        assertThat(exported.outcome()).as("%s", exported.reason()).isEqualTo(Outcome.EXPORTED);
        assertThat(voxelsByTag(exported))
                .containsEntry("MAG", reference("ge-architect-b0map", "6_CV_Neuro", "fmap (magnitude)"))
                .containsEntry("FMAP", reference("ge-architect-b0map", "6_CV_Neuro", "fmap (Hz)"));
    }

    @Test
    void philipsMagnitudeAndPhaseOfTwoEchoesGetTheirOwnTags() throws IOException {
        // Given
        Session session = fixture.loadShared("philips-elition-classic", "2001_fcMRI_Field_Mapping");
        SeriesTagged tagged = fixture.tagged(
                session,
                session.scans().get(0),
                ExportFixture.tag("MAG1", "2001", "fm", 1, "magnitude"),
                ExportFixture.tag("MAG2", "2001", "fm", 2, "magnitude"),
                ExportFixture.tag("PHA1", "2001", "fm", 1, "phase"),
                ExportFixture.tag("PHA2", "2001", "fm", 2, "phase"));

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        assertThat(exported.outcome()).as("%s", exported.reason()).isEqualTo(Outcome.EXPORTED);
        assertThat(exported.reason()).isEmpty();
        assertThat(exported.products())
                .extracting(SeriesExported.Product::tag)
                .containsExactly("MAG1", "MAG2", "PHA1", "PHA2");
        assertThat(exported.products())
                .allSatisfy(product -> assertThat(product.file(FileRole.DICOM)).isPresent());
        assertThat(voxelsByTag(exported).values())
                .containsExactlyInAnyOrderElementsOf(
                        SharedData.reference("philips-elition-classic", "2001_fcMRI_Field_Mapping").stream()
                                .map(SharedData.Reference::voxels)
                                .toList());
    }

    @Test
    void anImageThatNoTagAsksForIsKeptAndItIsReported() throws IOException {
        // Given
        Session session = fixture.loadShared("siemens-prisma-vd13-multiecho", "2_me_FieldMap_GRE");
        SeriesTagged tagged =
                fixture.tagged(session, session.scans().get(0), ExportFixture.tag("MAG1", "02", "fm", 1, null));

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        assertThat(exported.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(exported.reason().orElseThrow().code()).isEqualTo("image-without-own-tag");
        assertThat(exported.products())
                .extracting(SeriesExported.Product::stem)
                .containsExactly(ExportFixture.SESSION + "_MAG1_02_fm", ExportFixture.SESSION + "_MAG1_02_fm-e2");
    }

    @Test
    void aTagThatNoImageFitsIsMissingAndTheSeriesIsWhole() throws IOException {
        // Given
        Session session = fixture.loadShared("siemens-prisma-vd13-multiecho", "3_me_FieldMap_GRE");
        SeriesTagged tagged = fixture.tagged(
                session,
                session.scans().get(0),
                ExportFixture.tag("PHA", "03", "fm", null, "phase"),
                ExportFixture.tag("MAG", "03", "fm", null, "magnitude"));

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        assertThat(exported.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(exported.reason().orElseThrow().code()).isEqualTo("no-image-for-tag");
        assertThat(exported.completeness().orElseThrow().tagsWithoutImage()).containsExactly("MAG");
        assertThat(exported.products()).extracting(SeriesExported.Product::tag).containsExactly("PHA");
    }

    /** Debian's dcm2niix 1.0.20220720 alone creates seven images, with exit code 0: it has no JPEG-LS. */
    @Test
    void allNineTransferSyntaxesAreConverted() throws IOException {
        // Given
        Session session = fixture.loadShared("siemens-trio-vb17-transfer-syntaxes", "nine-syntaxes");
        SeriesTagged tagged = fixture.tagged(session, session.scans().get(0), ExportFixture.tag("RST", "01", "nine"));

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        assertThat(exported.outcome()).as("%s", exported.reason()).isEqualTo(Outcome.EXPORTED);
        assertThat(fixture.voxels(exported).values()).hasSize(9).containsAll(references());
    }

    @Test
    void withoutADecompressorSevenOfNineArePartOfTheWholeAndItIsReportedWhatHelps() throws IOException {
        // Given
        fixture.useDecompressor(Decompressor.of("no-such-gdcmconv", "no-such-dcmdjpls", Duration.ofMinutes(1)));
        Session session = fixture.loadShared("siemens-trio-vb17-transfer-syntaxes", "nine-syntaxes");
        SeriesTagged tagged = fixture.tagged(session, session.scans().get(0), ExportFixture.tag("RST", "01", "nine"));

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        assertThat(exported.outcome()).isEqualTo(Outcome.PARTIAL);
        assertThat(exported.reason().orElseThrow().code()).isEqualTo("partly-converted");
        assertThat(exported.reason().orElseThrow().message())
                .contains("2 files compressed with JPEG-LS", "2 of 9 DICOM files produced no image");
        assertThat(exported.reason().orElseThrow().action()).contains("libgdcm-tools");
        assertThat(fixture.voxels(exported).values()).containsExactlyInAnyOrderElementsOf(references());
    }

    private static List<String> references() throws IOException {
        return SharedData.reference("siemens-trio-vb17-transfer-syntaxes", "nine-syntaxes").stream()
                .map(SharedData.Reference::voxels)
                .toList();
    }

    @Test
    void aReportIsNoImage() throws IOException {
        // Given
        Session session = fixture.loadShared("siemens-prisma-xa30-enhanced", "99_Phoenix_Document");
        SeriesTagged tagged = fixture.tagged(session, session.scans().get(0), ExportFixture.tag("T1", "99", "report"));

        // When
        SeriesExported failed = fixture.export(tagged);

        // Then
        assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(failed.reason().orElseThrow().code()).isEqualTo("no-images");
    }

    private Map<String, String> voxelsByTag(SeriesExported exported) throws IOException {
        Map<String, String> byStem = fixture.voxels(exported);
        return exported.products().stream()
                .filter(product -> byStem.containsKey(product.stem()))
                .collect(Collectors.toMap(
                        SeriesExported.Product::tag, product -> byStem.get(product.stem()), (a, b) -> a));
    }

    private static String reference(String session, String archive, String kind) throws IOException {
        return SharedData.reference(session, archive).stream()
                .filter(row -> row.kind().equals(kind))
                .findFirst()
                .orElseThrow()
                .voxels();
    }
}
