package org.datman.export.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.KeptDicom;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.export.TinySeries;
import org.datman.export.convert.Decompressor;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomDatasetBuilder;
import org.datman.imaging.dicom.DicomHeader;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.imaging.dicom.Tag;
import org.datman.imaging.dicom.Vr;
import org.datman.imaging.nifti.NiftiImage;
import org.datman.platform.archive.Archive;
import org.datman.simulator.archive.Session;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that dcm2niix would skip or misread are rewritten for it; the kept DICOM is the received one. */
class PreparedPixelsTest {

    private static final int SLICES = 3;
    private static final int SIZE = 16;

    @TempDir
    Path folder;

    /** For a study that keeps the DICOM as received, so that the kept file can be compared with it. */
    private SeriesExported export(ExportFixture fixture, Path scans) throws IOException {
        Session session = fixture.load(scans);
        return fixture.export(fixture.tagged(session, session.scans().get(0), ExportFixture.tag("T1", "05", "T1w"))
                .withKeptDicom(Optional.of(KeptDicom.ORIGINAL)));
    }

    /** Numbers from -2048 to 2047 in 12 of 16 bits, the other four 0. Debian's dcm2niix 1.0.20220720 reads -1 as 4095. */
    @Test
    void signedNumbersOf12BitsKeepTheirSigns() throws IOException {
        try (ExportFixture fixture = new ExportFixture(folder)) {
            // Given
            Path scans = TinySeries.write(folder.resolve("scans"), 5, "T1w", SLICES, 1, 3);
            short[] numbers = new short[SIZE * SIZE];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (short) (-2048 + i * 16);
            }
            for (Path file : list(scans)) {
                short[] stored = new short[numbers.length];
                for (int i = 0; i < numbers.length; i++) {
                    stored[i] = (short) (numbers[i] & 0x0fff);
                }
                DicomWriter.write(
                        file,
                        DicomDataset.builder()
                                .setAll(without(DicomReader.read(file)))
                                .set("BitsStored", 12)
                                .set("HighBit", 11)
                                .set("PixelRepresentation", 1)
                                .set(Tag.PIXEL_DATA, Vr.OW, stored)
                                .build());
            }
            List<String> received = digests(scans);

            // When
            SeriesExported exported = export(fixture, scans);

            // Then
            NiftiImage image = NiftiImage.read(fixture.archive.resolve(exported.products()
                    .get(0)
                    .file(FileRole.NIFTI)
                    .orElseThrow()
                    .path()));
            float[] voxels = image.volumes()[0];
            float[] expected = new float[SLICES * numbers.length];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = numbers[i % numbers.length];
            }
            Arrays.sort(voxels);
            Arrays.sort(expected);
            assertThat(voxels).containsExactly(expected);
            assertThat(exported.outcome()).isEqualTo(Outcome.EXPORTED);
            assertThat(received)
                    .contains(exported.products()
                            .get(0)
                            .file(FileRole.DICOM)
                            .orElseThrow()
                            .sha256());
            assertThat(provenance(fixture, exported)).contains("3 files with negative numbers of 12 bits stored in 16");
        }
    }

    /** dcm2niix 1.0.20220720: "Compressed image stored as 3 fragments: decompress with gdcmconv, …", no image, exit code 2. */
    @Test
    void jpeg2000InSeveralFragmentsIsConverted() throws IOException {
        assumeGdcm();
        try (ExportFixture fixture = new ExportFixture(folder)) {
            // Given
            Path scans = fragmented();
            List<String> received = digests(scans);

            // When
            SeriesExported exported = export(fixture, scans);

            // Then
            assertThat(exported.outcome()).as("%s", exported.reason()).isEqualTo(Outcome.EXPORTED);
            assertThat(fixture.voxels(exported).values())
                    .containsExactly(SharedData.reference("siemens-trio-vb17-transfer-syntaxes", "nine-syntaxes")
                            .get(0)
                            .voxels());
            assertThat(exported.products()
                            .get(0)
                            .file(FileRole.DICOM)
                            .orElseThrow()
                            .sha256())
                    .isEqualTo(received.get(0));
            assertThat(provenance(fixture, exported)).contains("decompressed from JPEG 2000");
        }
    }

    @Test
    void withoutADecompressorTheDicomIsKeptAndTheAdviceHelps() throws IOException {
        try (ExportFixture fixture = new ExportFixture(folder)) {
            // Given
            Path scans = fragmented();
            fixture.useDecompressor(Decompressor.of("no-such-gdcmconv", "no-such-dcmdjpls", Duration.ofMinutes(1)));

            // When
            SeriesExported exported = export(fixture, scans);

            // Then
            Reason reason = exported.reason().orElseThrow();
            assertThat(exported.outcome()).isEqualTo(Outcome.PARTIAL);
            assertThat(exported.products()).singleElement().satisfies(product -> {
                assertThat(product.file(FileRole.DICOM)).isPresent();
                assertThat(product.file(FileRole.NIFTI)).isEmpty();
            });
            assertThat(reason.code()).isEqualTo("not-converted");
            assertThat(reason.action()).contains("libgdcm-tools");
            assertThat(reason.message())
                    .contains("JPEG 2000")
                    .doesNotContain("in/")
                    .doesNotContain("scratch");
        }
    }

    @Test
    void aDecompressorThatHangsIsStopped() throws IOException {
        try (ExportFixture fixture = new ExportFixture(folder)) {
            // Given
            Path scans = fragmented();
            Path stuck = Files.writeString(folder.resolve("stuck"), "#!/bin/sh\nexec sleep 600\n");
            assertThat(stuck.toFile().setExecutable(true)).isTrue();
            fixture.useDecompressor(Decompressor.of(stuck.toString(), "no-such-dcmdjpls", Duration.ofMillis(300)));

            // When
            SeriesExported exported = export(fixture, scans);

            // Then
            assertThat(exported.reason().orElseThrow().message()).contains("gdcmconv did not end in time");
        }
    }

    private static void assumeGdcm() {
        boolean there = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, "gdcmconv")));
        Assumptions.assumeTrue(there, "Skipped: gdcmconv (libgdcm-tools) is not here");
    }

    private static String provenance(ExportFixture fixture, SeriesExported exported) throws IOException {
        return Files.readString(fixture.archive.resolve(exported.products()
                .get(0)
                .file(FileRole.PROVENANCE)
                .orElseThrow()
                .path()));
    }

    private static DicomDataset without(DicomHeader header) {
        DicomDatasetBuilder builder = DicomDataset.builder();
        header.dataset().forEach(element -> {
            if (element.tag() != Tag.PIXEL_DATA) {
                builder.set(element.tag(), element.vr(), element.bytes().orElseThrow());
            }
        });
        return builder.build();
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static List<String> digests(Path folder) throws IOException {
        List<String> digests = new java.util.ArrayList<>();
        for (Path file : list(folder)) {
            digests.add(Archive.sha256(file));
        }
        return digests;
    }

    /** The JPEG 2000 image of the real scans with its one fragment cut in three, as PS3.5 A.4 allows. */
    private Path fragmented() throws IOException {
        Path archive = SharedData.archive("siemens-trio-vb17-transfer-syntaxes", "nine-syntaxes");
        Path unpacked = Files.createDirectories(folder.resolve("unpacked"));
        try {
            new ProcessBuilder("tar", "-xJf", archive.toAbsolutePath().toString(), "-C", unpacked.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        Path file;
        try (Stream<Path> files = Files.walk(unpacked)) {
            file = files.filter(path -> path.endsWith("9.dcm")).findFirst().orElseThrow();
        }
        byte[] all = Files.readAllBytes(file);
        int at = (int) DicomReader.read(file).pixelData().orElseThrow().offset();
        ByteBuffer in = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).position(at);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(all, 0, at);
        out.writeBytes(item(new byte[0]));
        in.getInt();
        in.position(in.position() + 4 + in.getInt(in.position()));
        in.getInt();
        byte[] stream = new byte[in.getInt()];
        in.get(stream);
        int third = stream.length / 3 & ~1;
        out.writeBytes(item(Arrays.copyOfRange(stream, 0, third)));
        out.writeBytes(item(Arrays.copyOfRange(stream, third, 2 * third)));
        out.writeBytes(item(Arrays.copyOfRange(stream, 2 * third, stream.length)));
        out.write(all, in.position(), all.length - in.position());
        Path scans = Files.createDirectories(folder.resolve("scans"));
        Files.write(scans.resolve("1.dcm"), out.toByteArray());
        return scans;
    }

    private static byte[] item(byte[] content) {
        return ByteBuffer.allocate(8 + content.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0xE000FFFE)
                .putInt(content.length)
                .put(content)
                .array();
    }
}
