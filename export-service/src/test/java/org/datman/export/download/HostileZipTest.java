package org.datman.export.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Malicious or unusual zips and listings. */
class HostileZipTest {

    @TempDir
    Path folder;

    @Test
    void namesThatLeadElsewhereWriteNothingThere() throws Exception {
        // Given
        FakeFolder remote = new FakeFolder()
                .lists("../../evil.dcm", "harmless")
                .lists("a.dcm", "also")
                .zips("S/scans/1/resources/DICOM/files/../../evil.dcm", "harmless")
                .zips("/etc/datman-was-here", "stranger")
                .zips("S/scans/1/resources/DICOM/files/a.dcm", "also");
        Path scratch = Files.createDirectories(folder.resolve("deep/scratch"));

        // When
        VerifiedDownload download = SeriesDownload.fetch(remote, scratch);

        // Then
        assertThat(download.files()).extracting(VerifiedFile::path).containsExactly("../../evil.dcm", "a.dcm");
        assertThat(all(folder)).containsExactlyInAnyOrder("deep/scratch/000001.dcm", "deep/scratch/000002.dcm");
        assertThat(download.remarks())
                .anyMatch(remark -> remark.contains("1 entries of the zip are not in the listing"));
    }

    @Test
    void equalBaseNamesInTwoFoldersStayApart() throws Exception {
        // Given
        FakeFolder remote = new FakeFolder()
                .lists("x/1.dcm", "in x")
                .lists("1.dcm", "on top")
                .zips("S/scans/1-T1/resources/DICOM/files/x/1.dcm", "in x")
                .zips("S/scans/1-T1/resources/DICOM/files/1.dcm", "on top");

        // When
        VerifiedDownload download = SeriesDownload.fetch(remote, folder);

        // Then
        assertThat(download.files().get(0).local()).hasContent("on top");
        assertThat(download.files().get(1).local()).hasContent("in x");
        assertThat(remote.singles).isEmpty();
    }

    @Test
    void anEntryThatIsLargerThanListedIsNotWrittenBeyondThat() throws Exception {
        // Given
        FakeFolder remote = new FakeFolder()
                .lists("a.dcm", "small")
                .lists("b.dcm", "b")
                .zips("S/scans/1/resources/DICOM/files/a.dcm", "small".repeat(1_000_000))
                .zips("S/scans/1/resources/DICOM/files/b.dcm", "b");

        // When
        VerifiedDownload download = SeriesDownload.fetch(remote, folder);

        // Then
        assertThat(download.files().get(0).local()).hasContent("small");
        assertThat(remote.singles).containsExactly("a.dcm");
    }

    @Test
    void filesBeforeTheBreakOfAZipCountAndTheOthersComeFromTheNext() throws Exception {
        // Given a first zip that ends within its second file
        String large = random(100_000);
        FakeFolder remote = new FakeFolder()
                .lists("a.dcm", "first")
                .lists("b.dcm", large)
                .zips("S/scans/1/resources/DICOM/files/a.dcm", "first")
                .zips("S/scans/1/resources/DICOM/files/b.dcm", large)
                .cutsAZip(20_000);

        // When
        VerifiedDownload download = SeriesDownload.fetch(remote, folder);

        // Then
        assertThat(download.files()).extracting(VerifiedFile::verified).containsExactly(true, true);
        assertThat(download.files().get(1).local()).hasContent(large);
        assertThat(download.remarks()).singleElement().asString().startsWith("the zip was broken");
        assertThat(remote.singles).isEmpty();
    }

    /** Text that a zip cannot compress much. */
    private static String random(int length) {
        return new Random(7)
                .ints(length, 'a', 'z')
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    @Test
    void aListingThatContradictsItselfIsRefused() {
        // Given
        FakeFolder remote = new FakeFolder().lists("a.dcm", "one").lists("a.dcm", "other");

        // When
        // Then
        assertThatThrownBy(() -> SeriesDownload.fetch(remote, folder))
                .isInstanceOfSatisfying(
                        DownloadException.class,
                        e -> assertThat(e.reason().code()).isEqualTo("listing-contradicts-itself"));
    }

    @Test
    void anEmptyListingStatesThatTheSourceIsGone() {
        // Given
        FakeFolder remote = new FakeFolder();

        // When
        // Then
        assertThatThrownBy(() -> SeriesDownload.fetch(remote, folder))
                .isInstanceOfSatisfying(
                        DownloadException.class,
                        e -> assertThat(e.reason().code()).isEqualTo("source-gone"));
    }

    private static List<String> all(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile)
                    .map(path -> folder.relativize(path).toString())
                    .toList();
        }
    }
}
