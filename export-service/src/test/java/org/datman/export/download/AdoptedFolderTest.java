package org.datman.export.download;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.datman.contracts.archive.AdoptedFiles;
import org.datman.contracts.archive.AdoptedFiles.Located;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of an earlier archive instead of a download. */
class AdoptedFolderTest {

    private static final String UID = "1.2.3";

    @TempDir
    Path folder;

    private final FakeFolder xnat =
            new FakeFolder().lists("1.dcm", "first").lists("2.dcm", "second").lists("3.dcm", "third");
    private Path archive;
    private Path scratch;
    private Path zip;

    @BeforeEach
    void aZipOfTheEarlierArchive() throws IOException {
        archive = folder.resolve("archive");
        scratch = folder.resolve("scratch");
        zip = folder.resolve("SPN_CMH_0001_01.zip");
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream contents = new ZipOutputStream(out)) {
            for (String content : List.of("first", "second", "third")) {
                contents.putNextEntry(new ZipEntry("scans/" + content + " %2F.dcm"));
                contents.write(content.getBytes(UTF_8));
                contents.closeEntry();
            }
        }
    }

    @Test
    void whatXnatListsWithTheSameDigestIsNotDownloaded() throws Exception {
        // Given
        adopted(zip, at("first"), at("second"), at("third"));

        // When
        VerifiedDownload download = SeriesDownload.fetch(xnat.orAdopted(archive, UID), scratch());

        // Then
        assertThat(download.files())
                .extracting(file -> Files.readString(file.local()))
                .containsExactly("first", "second", "third");
        assertThat(download.files()).allMatch(VerifiedFile::verified);
        assertThat(download.remarks())
                .containsExactly("3 files were taken from 'SPN_CMH_0001_01.zip' of the adopted archive instead of XNAT,"
                        + " which lists them with the same size and MD5");
        assertThat(xnat.singles).isEmpty();
    }

    @Test
    void aFileThatXnatHasInAnotherFormIsDownloaded() throws Exception {
        // Given a file that was changed on XNAT since
        adopted(zip, at("first"), at("second"));

        // When
        VerifiedDownload download = SeriesDownload.fetch(xnat.orAdopted(archive, UID), scratch());

        // Then
        assertThat(xnat.singles).containsExactly("3.dcm");
        assertThat(download.files().get(2).local()).hasContent("third");
    }

    @Test
    void whatTheServerDoesNotHaveSoIsSaidWithItsName() throws Exception {
        // Given two files of before, of which the server has one
        adopted(zip, at("first"), new Located(zip, "scans/old.dcm", md5("as it was"), 9));

        // When
        VerifiedDownload download = SeriesDownload.fetch(xnat.ofOrthanc().orAdopted(archive, UID), scratch());

        // Then
        assertThat(download.remarks())
                .filteredOn(SeriesDownload::isContradiction)
                .containsExactly(
                        "1 files of this series in the adopted archive are not so on Orthanc, whose files are taken");
        assertThat(download.remarks()).anyMatch(remark -> remark.contains("instead of Orthanc, which lists them"));
    }

    @Test
    void whereTheServerListsNoDigestNothingIsSaidToDiffer() throws Exception {
        // Given
        adopted(zip, at("first"), at("second"));
        xnat.listsNoMd5();

        // When
        VerifiedDownload download = SeriesDownload.fetch(xnat.orAdopted(archive, UID), scratch());

        // Then
        assertThat(download.remarks()).noneMatch(SeriesDownload::isContradiction);
        assertThat(download.files()).hasSize(3);
    }

    @Test
    void whatAnOrthancDoesNotDeliverHasAnAdviceForAnOrthanc() {
        // Given a listed file that is not there
        xnat.ofOrthanc().loses("2.dcm");

        // When / Then
        assertThatThrownBy(() -> SeriesDownload.fetch(xnat, scratch()))
                .isInstanceOfSatisfying(DownloadException.class, failure -> {
                    assertThat(failure.reason().message()).contains("not as Orthanc lists them");
                    assertThat(failure.reason().action())
                            .isEqualTo("Send the series to Orthanc again, then press 'Reconvert'");
                });
    }

    @Test
    void aZipThatIsGoneOrChangedCostsADownloadAndNothingElse() throws Exception {
        // Given a zip that is gone, and a folder with a file that has other content than when it was adopted
        adopted(folder.resolve("gone.zip"), at("first"));
        Path loose = Files.createDirectories(folder.resolve("loose"));
        Files.writeString(loose.resolve("x.dcm"), "SECOND");
        AdoptedFiles.write(archive, UID, loose, List.of(new Located(loose, "x.dcm", md5("second"), 6)));

        // When
        VerifiedDownload download = SeriesDownload.fetch(xnat.orAdopted(archive, UID), scratch());

        // Then
        assertThat(download.files())
                .extracting(file -> Files.readString(file.local()))
                .containsExactly("first", "second", "third");
        assertThat(download.remarks())
                .anyMatch(remark -> remark.contains("'gone.zip' of the adopted archive cannot be read"))
                .anyMatch(remark -> remark.equals("1 files of 'loose' have changed since it was adopted"));
    }

    @Test
    void anotherSeriesIsNotLookedAt() throws Exception {
        // Given
        AdoptedFiles.write(archive, "9.9", zip, List.of(at("first")));

        // When
        VerifiedDownload download = SeriesDownload.fetch(xnat.orAdopted(archive, UID), scratch());

        // Then
        assertThat(xnat.singles).containsExactly("1.dcm", "2.dcm", "3.dcm");
        assertThat(download.remarks()).noneMatch(remark -> remark.contains("adopted"));
    }

    private void adopted(Path container, Located... files) throws IOException {
        AdoptedFiles.write(archive, UID, container, List.of(files));
    }

    private Located at(String content) {
        return new Located(zip, "scans/" + content + " %2F.dcm", md5(content), content.length());
    }

    private Path scratch() throws IOException {
        return Files.createDirectories(scratch);
    }

    private static String md5(String content) {
        return FakeFolder.hex("MD5", content.getBytes(UTF_8));
    }
}
