package org.datman.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExportedBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.imaging.nifti.NiftiDataType;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiReader;
import org.datman.imaging.nifti.NiftiWriter;
import org.datman.local.demo.ReferenceImages.Comparison;
import org.datman.local.demo.ReferenceImages.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images equal to their reference, unequal, and without reference. */
class ReferenceImagesTest {

    private static final String AFFINE = "-2 0 0 10 0 2 0 -20 0 0 3 -30";
    private static final double[][] POSITION = {{-2, 0, 0, 10}, {0, 2, 0, -20}, {0, 0, 3, -30}, {0, 0, 0, 1}};
    private static final Instant DAY = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    Path folder;

    private final SessionHistory history = new SessionHistory(new SessionRef("xnat", "E1"));
    private final List<String> rows = new ArrayList<>();

    @BeforeEach
    void kinds() throws IOException {
        Files.writeString(folder.resolve("kinds.tsv"), "# which tags\nkind\ttags\nBOLD\tRST NBK\n");
    }

    @Test
    void anImageOfNoReferenceIsReportedAndNoFault() throws IOException {
        // Given
        row("BOLD", 1, "2x2x2", AFFINE, exported(1, "RST", 7));
        exported(2, "RST", 7);
        exported(3, "RST", 8);

        // When
        List<Comparison> compared = compare();

        // Then
        assertThat(compared)
                .extracting(Comparison::image, Comparison::outcome, Comparison::remark)
                .containsExactly(
                        tuple("a.tar.xz series 1 BOLD 2x2x2", Outcome.EQUAL, ""),
                        tuple("image-2", Outcome.NO_REFERENCE, "same voxels as image-1"),
                        tuple("image-3", Outcome.NO_REFERENCE, "no other image of the session has its voxels"));
    }

    @Test
    void anImageWithoutRowIsHeldAgainstWhatOthersMadeOfTheSameScans() throws IOException {
        // Given a lossless image for which the table's converter had no decoder
        row("BOLD", 1, "2x2x2", AFFINE, exported(1, "RST", 7));
        exported(2, "RST", 9);
        Files.createDirectories(folder.resolve("reference/ref"));
        Files.copy(folder.resolve("image-2.nii"), folder.resolve("reference/ref/7.nii"));

        // When
        List<Comparison> compared = compare();

        // Then
        assertThat(compared.get(1)).isEqualTo(new Comparison("ref/7.nii", "image-2", Outcome.EQUAL, ""));
    }

    @Test
    void otherVoxelsOfTheSameSeriesAreUnequalAndNotTwoFaults() throws IOException {
        // Given
        row("BOLD", 1, "2x2x2", AFFINE, "0".repeat(64));
        exported(1, "RST", 7);

        // When
        List<Comparison> compared = compare();

        // Then
        assertThat(compared).singleElement().satisfies(one -> {
            assertThat(one.outcome()).isEqualTo(Outcome.UNEQUAL);
            assertThat(one.remark()).contains("has other voxels");
        });
    }

    @Test
    void oneImageMoreThanTheReferenceHasOfASeriesIsUnequal() throws IOException {
        // Given
        row("BOLD", 1, "2x2x2", AFFINE, exported(1, "RST", 7));
        history.series("1b").exported = Optional.of(export("1b", 1, "RST", image("image-1b", 8, POSITION)));

        // When
        List<Comparison> compared = compare();

        // Then
        assertThat(compared.get(1).outcome()).isEqualTo(Outcome.UNEQUAL);
        assertThat(compared.get(1).remark()).contains("one more than the 1 that the reference has of series 1");
    }

    @Test
    void aMissingImageAnotherTagAndAnotherPlaceAreUnequal() throws IOException {
        // Given
        row("BOLD", 1, "2x2x2", AFFINE, exported(1, "T1", 7));
        row("BOLD", 2, "2x2x2", "-2 0 0 10 0 2 0 -20 0 0 3 -31", exported(2, "RST", 8));
        row("BOLD", 3, "2x2x2", AFFINE, "0".repeat(64));

        // When
        List<Comparison> compared = compare();

        // Then
        assertThat(compared).extracting(Comparison::outcome).containsOnly(Outcome.UNEQUAL);
        assertThat(compared.get(0).remark()).contains("tagged T1, which is not BOLD (kinds.tsv)");
        assertThat(compared.get(1).remark())
                .isEqualTo(
                        "has the affine -2.0000 0.0000 0.0000 10.0000 0.0000 2.0000 0.0000 -20.0000 0.0000 0.0000 3.0000"
                                + " -30.0000, not -2.0000 0.0000 0.0000 10.0000 0.0000 2.0000 0.0000 -20.0000 0.0000 0.0000 3.0000"
                                + " -31.0000");
        assertThat(compared.get(2).remark()).contains("no exported image has these voxels");
    }

    /** Colour images and screenshots have voxel sizes only; each reader makes up another affine. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0 0 0 0 0 0 0 0 0 0 0 0",
                "2 0 0 0 0 2 0 0 0 0 3 0",
                "-2 0 0 1 0 2 0 -1 0 0 3 -1.5",
                "2 0 0 -1 0 2 0 -1 0 0 3 -1.5"
            })
    void anImageWithoutPositionHasAnyOfTheAffinesThatAreMadeUp(String affine) throws IOException {
        // Given
        row("BOLD", 1, "2x2x2", affine, exportedNowhere());

        // When
        List<Comparison> compared = compare();

        // Then
        assertThat(compared).extracting(Comparison::outcome).containsExactly(Outcome.EQUAL);
    }

    @Test
    void anImageWithoutPositionIsNotEqualToOneThatIsSomewhere() throws IOException {
        // Given
        row("BOLD", 1, "2x2x2", AFFINE, exportedNowhere());

        // When
        List<Comparison> compared = compare();

        // Then
        assertThat(compared.get(0).remark()).startsWith("has the affine of an image without position, not -2");
    }

    @Test
    void aKindThatNobodyExplainedIsReportedAndWithoutKindsNoTagIsCompared() throws IOException {
        // Given
        row("ASL", 1, "2x2x2", AFFINE, exported(1, "T1", 7));

        // When
        List<Comparison> compared = compare();
        List<Comparison> withoutKinds = compare(ReferenceKinds.NONE);

        // Then
        assertThat(compared.get(0).remark())
                .startsWith("its kind 'ASL' is not in ")
                .endsWith("kinds.tsv");
        assertThat(withoutKinds.get(0).outcome()).isEqualTo(Outcome.EQUAL);
    }

    @Test
    void faultsOfTheTablesAreReportedWithTheirLine() throws IOException {
        // Given
        Files.writeString(folder.resolve("kinds.tsv"), "kind\ttags\nBOLD RST\n");
        row("BOLD", 1, "2x2x2", "1 2 3", "0");
        writeRows();

        // When, then
        assertThatThrownBy(() -> ReferenceKinds.read(folder.resolve("kinds.tsv")))
                .hasMessageContaining("kinds.tsv:2: 'BOLD RST' is wrong");
        assertThatThrownBy(() -> ReferenceImages.in(folder.resolve("reference"), ReferenceKinds.NONE))
                .hasMessageContaining("reference.tsv:2: affine is '1 2 3'");
    }

    private List<Comparison> compare() throws IOException {
        return compare(ReferenceKinds.read(folder.resolve("kinds.tsv")));
    }

    private List<Comparison> compare(ReferenceKinds kinds) throws IOException {
        writeRows();
        return ReferenceImages.in(folder.resolve("reference"), kinds)
                .orElseThrow()
                .compare(history, folder);
    }

    private void writeRows() throws IOException {
        Files.createDirectories(folder.resolve("reference"));
        Files.writeString(
                folder.resolve("reference/reference.tsv"),
                "archive\tkind\tseries\tshape\taffine\tsha256_voxels\n" + String.join("", rows));
    }

    private void row(String kind, int series, String shape, String affine, String digest) {
        rows.add("a.tar.xz\t" + kind + "\t" + series + "\t" + shape + "\t" + affine + "\t" + digest + "\n");
    }

    /** An image of that series, whose voxels are all that number; returns the digest of its voxels. */
    private String exported(int series, String tag, int value) throws IOException {
        Path file = image("image-" + series, value, POSITION);
        String scan = Integer.toString(series);
        history.series(scan).exported = Optional.of(export(scan, series, tag, file));
        return NiftiReader.voxelDigest(file);
    }

    private String exportedNowhere() throws IOException {
        Path file = image("image-1", 7, new double[][] {{2, 0, 0, 0}, {0, 2, 0, 0}, {0, 0, 3, 0}, {0, 0, 0, 1}});
        byte[] bytes = Files.readAllBytes(file);
        // qform_code and sform_code of NIfTI-1, little-endian.
        bytes[252] = 0;
        bytes[254] = 0;
        Files.write(file, bytes);
        history.series("1").exported = Optional.of(export("1", 1, "RST", file));
        return NiftiReader.voxelDigest(file);
    }

    private Path image(String stem, int value, double[][] affine) throws IOException {
        Path file = folder.resolve(stem + ".nii");
        float[] volume = new float[8];
        Arrays.fill(volume, value);
        NiftiWriter.write(file, NiftiHeader.of(NiftiDataType.INT16, affine, 2, 2, 2), List.of(volume));
        return file;
    }

    private SeriesExported export(String scan, int series, String tag, Path file) {
        String stem = file.getFileName().toString().replace(".nii", "");
        return SeriesExportedBuilder.builder()
                .session(new SessionRef("xnat", "E1"))
                .seriesRevision(1)
                .exportRevision(1)
                .outcome(SeriesExported.Outcome.EXPORTED)
                .study("SPN")
                .site("CMH")
                .sessionName("SPN_CMH_0001_01")
                .phantom(false)
                .scan(scan)
                .products(List.of(new SeriesExported.Product(
                        stem,
                        tag,
                        "bold",
                        List.of(2, 2, 2, 1),
                        List.of(new FileRef(FileRole.NIFTI, file.getFileName().toString(), 1, "")))))
                .runKey("run")
                .configRevision("config")
                .started(DAY)
                .finished(DAY)
                .seriesNumber(Optional.of((long) series))
                .build();
    }
}
