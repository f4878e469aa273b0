package org.datman.local.provenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.local.provenance.ReleaseDiff.Change;
import org.datman.local.provenance.ReleaseDiff.Input;
import org.datman.local.provenance.ReleaseDiff.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseDiffTest {

    @TempDir
    Path folder;

    private SmallArchive archive;
    private Path before;

    /** Scans 5 to 8 are published, and listed. */
    @BeforeEach
    void listed() throws IOException {
        archive = new SmallArchive(folder.resolve("archive"));
        for (int scan = 5; scan <= 8; scan++) {
            archive.measure(archive.publish(scan));
        }
        before = folder.resolve("a.tsv.gz");
        Release.write(archive.root(), "", before, false);
    }

    private long compare(Path a, Path b, List<Change> changes) throws IOException {
        try (Release old = Release.open(a);
                Release now = Release.open(b)) {
            return ReleaseDiff.of(old, now, changes::add).same();
        }
    }

    @Test
    void anArchiveIsThatOfItsListWhileNothingChanges() throws IOException {
        // Given
        List<Change> changes = new ArrayList<>();

        // When
        long same = compare(before, archive.root(), changes);

        // Then
        assertThat(changes).isEmpty();
        assertThat(same).isEqualTo(4);
    }

    @Test
    void eachChangeNamesTheInputsThatDiffer() throws IOException {
        // Given another converter for scan 5, one DICOM file more for scan 6, the same for 7, none of 8, and a new scan
        // 9
        archive.publish(5, "other pixels", "v1.0.20260724", 5);
        archive.publish(6, "more pixels", "v1.0.20260416", 6);
        Files.delete(archive.root().resolve(".datman/series/xnat/SIM_E00001/8.json"));
        archive.publish(9);
        List<Change> changes = new ArrayList<>();

        // When
        long same = compare(before, archive.root(), changes);

        // Then
        assertThat(same).isEqualTo(1);
        assertThat(changes)
                .extracting(Change::kind, Change::item)
                .containsExactly(
                        tuple(Kind.CHANGED, SmallArchive.stem(5)),
                        tuple(Kind.CHANGED, SmallArchive.stem(6)),
                        tuple(Kind.REMOVED, SmallArchive.stem(8)),
                        tuple(Kind.ADDED, SmallArchive.stem(9)));
        assertThat(changes.get(0).inputs())
                .containsExactly(new Input("converter", "dcm2niix v1.0.20260416", "dcm2niix v1.0.20260724"));
        assertThat(changes.get(0).files())
                .anyMatch(path -> path.endsWith(".nii.gz"))
                .noneMatch(path -> path.endsWith(".dcm"));
        assertThat(changes.get(1).inputs()).extracting(Input::name).containsExactly("DICOM files");
    }

    @Test
    void betweenArchivesEachDicomFileThatDiffersIsNamed() throws IOException {
        // Given
        SmallArchive later = new SmallArchive(folder.resolve("later"));
        for (int scan = 5; scan <= 8; scan++) {
            later.measure(scan == 6 ? later.publish(6, "more pixels", "v1.0.20260416", 6) : later.publish(scan));
        }
        List<Change> changes = new ArrayList<>();

        // When
        compare(archive.root(), later.root(), changes);

        // Then
        assertThat(changes).hasSize(1);
        assertThat(changes.get(0).inputs())
                .contains(new Input("DICOM file 6.dcm", null, DigestUtils.sha256Hex("dicom 6.6")))
                .extracting(Input::name)
                .containsExactly("DICOM files", "measured image", "DICOM file 6.dcm");
    }

    @Test
    void anImageWithTheSameBytesAndAnotherRecordHasOtherMetadataOnly() throws IOException {
        // Given the same pixels by another converter
        archive.publish(5, "pixels of 5", "v1.0.20260724", 5);
        List<Change> changes = new ArrayList<>();

        // When
        compare(before, archive.root(), changes);

        // Then
        assertThat(changes).hasSize(1);
        assertThat(changes.get(0).kind()).isEqualTo(Kind.METADATA);
        assertThat(changes.get(0).files()).singleElement().asString().endsWith(".prov.json");
    }

    @Test
    void aListThatIsThereStaysAsItIs() throws IOException {
        // Given
        byte[] list = Files.readAllBytes(before);

        // When / Then
        assertThatThrownBy(() -> Release.write(archive.root(), "", before, false))
                .hasMessageContaining("is there already");
        assertThatThrownBy(() -> Release.write(archive.root(), "OTHER", before, true))
                .hasMessageContaining("has no published file of a study 'OTHER'");
        assertThat(before).hasBinaryContent(list);
    }

    @Test
    void aListIsReplacedOnRequestAndNothingIsLeftBesideIt() throws IOException {
        // Given
        archive.publish(9);

        // When
        Release.write(archive.root(), "", before, true);

        // Then
        List<Change> changes = new ArrayList<>();
        assertThat(compare(before, archive.root(), changes)).isEqualTo(5);
        assertThat(changes).isEmpty();
        assertThat(folder).isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void aListOutOfOrderIsRefused() throws IOException {
        // Given
        String row = "\tp\tnifti\ts\t1\t\t\t\t\t\t";
        Path list = folder.resolve("b.tsv.gz");
        Release.write(List.of("b" + row, "a" + row).iterator(), list);

        // When / Then
        assertThatThrownBy(() -> compare(list, list, new ArrayList<>()))
                .hasMessageContaining("not sorted: 'a' comes after 'b'");
    }

    @Test
    void aLineWithoutColumnsIsNamed() throws IOException {
        // Given
        Path list = folder.resolve("b.tsv.gz");
        Release.write(List.of("a\tp\tnifti\ts\t1\t\t\t\t\t\t", "torn").iterator(), list);

        // When / Then
        assertThatThrownBy(() -> compare(list, list, new ArrayList<>())).hasMessageContaining("Line 3 of the list");
    }

    @Test
    void aRecordThatIsNotAsPublishedMakesNoList() throws IOException {
        // Given
        String record = "SPN01/provenance/" + SmallArchive.SESSION + "/" + SmallArchive.stem(6) + ".prov.json";
        Files.writeString(
                archive.root().resolve(record),
                Files.readString(archive.root().resolve(record)).replace("v1.0.20260416", "v9"));

        // When / Then
        assertThatThrownBy(() -> Release.write(archive.root(), "", folder.resolve("c.tsv.gz"), false))
                .hasMessageContaining(record + " is not as it was published; './datman verify'");
    }

    @Test
    void theLogOfTheConverterIsListed() throws IOException {
        // When
        List<String> lines = new ArrayList<>();
        try (Release release = Release.open(archive.root())) {
            release.lines().forEachRemaining(lines::add);
        }

        // Then
        assertThat(lines)
                .filteredOn(line -> line.contains(".dcm2niix.log\tlog\t"))
                .hasSize(4);
    }

    @Test
    void anotherFileIsNoList() throws IOException {
        // Given
        Path other = folder.resolve("c.tsv.gz");
        try (var out = new java.util.zip.GZIPOutputStream(Files.newOutputStream(other))) {
            out.write("a\tb\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }

        // When / Then
        assertThatThrownBy(() -> Release.open(other)).hasMessageContaining("no list of a release");
    }

    @Test
    void theBenchmarkFindsWhatItPlanted() throws IOException {
        // Given
        var out = new java.io.ByteArrayOutputStream();

        // When
        DiffBench.run(100, new java.io.PrintStream(out, true, java.nio.charset.StandardCharsets.UTF_8));

        // Then
        assertThat(out.toString(java.nio.charset.StandardCharsets.UTF_8)).contains("588 the same, 12 different");
    }
}
