package org.datman.export.download;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.datman.platform.archive.Archive;
import org.datman.xnat.Downloaded;
import org.datman.xnat.XnatClient.ZipReader;
import org.datman.xnat.XnatFile;
import org.datman.xnat.XnatGone;
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

    /** A folder with listing, zip and files defined by the test. */
    private static final class FakeFolder implements RemoteFolder {

        private final List<XnatFile> listing = new ArrayList<>();
        private final Map<String, String> contents = new LinkedHashMap<>();
        private final Map<String, String> zipped = new LinkedHashMap<>();
        private final List<String> singles = new ArrayList<>();
        private final List<Integer> cuts = new ArrayList<>();

        private FakeFolder lists(String path, String content) {
            listing.add(new XnatFile(path, OptionalLong.of(content.length()), hex("MD5", content.getBytes(UTF_8))));
            contents.put(path, content);
            return this;
        }

        private FakeFolder zips(String name, String content) {
            zipped.put(name, content);
            return this;
        }

        /** The next zip ends after that many bytes. */
        private FakeFolder cutsAZip(int bytes) {
            cuts.add(bytes);
            return this;
        }

        @Override
        public List<XnatFile> list() {
            return listing;
        }

        @Override
        public <T> T zip(ZipReader<T> reader) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
                for (Map.Entry<String, String> entry : zipped.entrySet()) {
                    zip.putNextEntry(new ZipEntry(entry.getKey()));
                    zip.write(entry.getValue().getBytes(UTF_8));
                    zip.closeEntry();
                }
                zip.finish();
                int length = Math.min(bytes.size(), cuts.isEmpty() ? Integer.MAX_VALUE : cuts.remove(0));
                return reader.read(new ByteArrayInputStream(bytes.toByteArray(), 0, length));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Downloaded file(String path, Path target) {
            singles.add(path);
            String content = contents.get(path);
            if (content == null) {
                throw new XnatGone(path);
            }
            try {
                Files.writeString(target, content);
                return new Downloaded(
                        target, content.length(), Archive.sha256(target), hex("MD5", content.getBytes(UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String hex(String algorithm, byte[] bytes) {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
