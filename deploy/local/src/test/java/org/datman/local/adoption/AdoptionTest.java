package org.datman.local.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.archive.AdoptedFiles;
import org.datman.contracts.archive.AdoptedFiles.Located;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lists of an earlier archive. */
class AdoptionTest {

    @TempDir
    Path folder;

    private Path old;
    private Path archive;
    private final List<String> problems = new ArrayList<>();

    @BeforeEach
    void anEarlierArchive() throws IOException {
        old = Files.createDirectories(folder.resolve("old"));
        archive = Files.createDirectories(folder.resolve("archive"));
        image(old.resolve("dicom/SPN_CMH_0001_01/2/1.dcm"), "1.2.2");
        image(old.resolve("dicom/SPN_CMH_0001_01/2/2.dcm"), "1.2.2");
        image(old.resolve("dicom/SPN_CMH_0001_01/3/1.dcm"), "1.2.3");
        Files.writeString(old.resolve("dicom/SPN_CMH_0001_01/notes.txt"), "left the room");
        Path single = image(folder.resolve("single.dcm"), "1.2.2");
        try (OutputStream out = Files.newOutputStream(old.resolve("SPN_CMH_0002_01.ZIP"));
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("a b/1.dcm"));
            Files.copy(single, zip);
            zip.closeEntry();
        }
    }

    @Test
    void eachSeriesIsListedWithEveryPlaceThatHoldsIt() throws IOException {
        // When
        Adoption.Result result = Adoption.run(old, archive, problems::add);

        // Then
        Path two = old.toRealPath().resolve("dicom/SPN_CMH_0001_01/2");
        assertThat(AdoptedFiles.of(archive, "1.2.2"))
                .extracting(Located::container, Located::entry)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(two, "1.dcm"),
                        org.assertj.core.groups.Tuple.tuple(two, "2.dcm"),
                        org.assertj.core.groups.Tuple.tuple(
                                old.toRealPath().resolve("SPN_CMH_0002_01.ZIP"), "a b/1.dcm"));
        assertThat(AdoptedFiles.of(archive, "1.2.2").stream()
                        .filter(file -> file.entry().equals("1.dcm")))
                .allMatch(file ->
                        file.size() == size(two.resolve("1.dcm")) && file.md5().equals(md5(two.resolve("1.dcm"))));
        assertThat(AdoptedFiles.of(archive, "1.2.3")).hasSize(1);
        assertThat(AdoptedFiles.of(archive, "9")).isEmpty();
        assertThat(result).isEqualTo(new Adoption.Result(3, 4, 3, 1));
        assertThat(problems).isEmpty();
    }

    @Test
    void aBrokenZipIsReportedAndTheOthersAreListed() throws IOException {
        // Given
        Files.writeString(old.resolve("SPN_CMH_0003_01.zip"), "no zip");

        // When
        Adoption.run(old, archive, problems::add);

        // Then
        assertThat(problems).singleElement().asString().contains("SPN_CMH_0003_01.zip is no readable zip");
        assertThat(AdoptedFiles.of(archive, "1.2.2")).hasSize(3);
    }

    private static Path image(Path file, String series) throws IOException {
        Files.createDirectories(file.getParent());
        DicomWriter.write(
                file,
                DicomDataset.builder()
                        .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                        .set(
                                "SOPInstanceUID",
                                series + "." + Math.abs(file.toString().hashCode()))
                        .set("SeriesInstanceUID", series)
                        .set("Rows", 4)
                        .set("Columns", 4)
                        .build());
        return file;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String md5(Path file) {
        try {
            return DigestUtils.md5Hex(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
