package org.datman.export.series;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.SeriesExported;
import org.datman.export.TinySeries;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomDatasetBuilder;
import org.datman.imaging.dicom.DicomHeader;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.imaging.dicom.Dictionary;
import org.datman.imaging.dicom.Tag;
import org.datman.imaging.dicom.Vr;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A name in every free-text element of DICOM is in no exported file.
 */
class PrivacyTest {

    /** Letters of five alphabets; Å is 0xC3 0x85 in UTF-8, and 0x85 alone ends a line for many a pattern. Fits SH's 16. */
    private static final String NAME = "Ånqvist ąхü山";

    private static final String ASCII_PART = "nqvist";
    private static final Set<String> FREE_TEXT = Set.of("PN", "LO", "LT", "SH", "ST", "UC", "UT");

    /** It names the series: rules and the file name use it. */
    private static final Set<String> SPARED = Set.of("SeriesDescription", "Manufacturer");

    @TempDir
    Path folder;

    private final List<String> logged = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"SIEMENS", "GE MEDICAL SYSTEMS", "Philips Medical Systems", "Canon", "UIH", NAME})
    void noNameLeaves(String manufacturer) throws IOException {
        Handler handler = listening();
        Logger.getLogger("").addHandler(handler);
        try (ExportFixture fixture = new ExportFixture(folder)) {
            // Given
            Path scans = TinySeries.write(folder.resolve("scans"), 5, "T1w", 4, 1, 3);
            plant(scans, manufacturer);
            Session session = fixture.load(scans);

            // When
            SeriesExported exported = fixture.export(
                    fixture.tagged(session, session.scans().get(0), ExportFixture.tag("T1", "05", "T1w")));

            // Then
            assertThat(exported.products()).hasSize(1);
            assertThat(exported.products().get(0).file(FileRole.SIDECAR)).isPresent();
            List<String> leaves = new ArrayList<>(logged);
            for (Event event : fixture.published) {
                leaves.add(new String(EventJson.write(event), UTF_8));
            }
            leaves.addAll(files(fixture.archive.root()));
            assertThat(leaves).hasSizeGreaterThan(4).allSatisfy(PrivacyTest::assertNobodyIsNamed);
        } finally {
            Logger.getLogger("").removeHandler(handler);
        }
    }

    /** The case of dcm2niix issues 732 and 878: names pass a pattern that stops at U+0085. */
    @Test
    void theReportedCaseIsClean() throws IOException {
        Path archive =
                Path.of(System.getProperty("datman.shared-data", "none")).resolveSibling("cases/dicom/UMLAUT.tar.xz");
        org.junit.jupiter.api.Assumptions.assumeTrue(
                Files.exists(archive), "Skipped: the cases of public reports are not here");
        try (ExportFixture fixture = new ExportFixture(folder)) {
            // Given
            Session session = fixture.load(archive);

            // When
            for (Scan scan : session.scans()) {
                fixture.export(fixture.tagged(session, scan, ExportFixture.tag("T1", "0" + scan.id(), "T1w")));
            }

            // Then
            List<String> sidecars;
            try (Stream<Path> paths = Files.walk(fixture.archive.root())) {
                sidecars = paths.filter(path -> path.toString().contains("/nii/")
                                && path.toString().endsWith(".json"))
                        .map(PrivacyTest::text)
                        .toList();
            }
            assertThat(sidecars).hasSize(2).allSatisfy(sidecar -> assertThat(sidecar)
                    .matches("\\p{ASCII}*")
                    .doesNotContain("Comments", "Description", "Institution", "StationName"));
        }
    }

    private Handler listening() {
        return new Handler() {
            @Override
            public void publish(LogRecord record) {
                if (record.getLevel().intValue() >= Level.INFO.intValue()) {
                    logged.add(record.getMessage());
                }
            }

            @Override
            public void flush() {
                return;
            }

            @Override
            public void close() {
                return;
            }
        };
    }

    private static void assertNobodyIsNamed(String text) {
        assertThat(text.toLowerCase(Locale.ROOT)).doesNotContain(ASCII_PART, "хü", "山", "ą");
        // The same bytes, read as Latin-1.
        assertThat(text).doesNotContain(new String("山".getBytes(UTF_8), ISO_8859_1));
    }

    /** All files of the archive, and their paths; compressed ones uncompressed. */
    private static List<String> files(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile)
                    .map(path -> root.relativize(path) + "\n" + text(path))
                    .toList();
        }
    }

    private static String text(Path path) {
        try (InputStream file = Files.newInputStream(path);
                InputStream in = path.toString().endsWith(".gz") ? new GZIPInputStream(file) : file) {
            byte[] bytes = in.readAllBytes();
            return new String(bytes, path.toString().endsWith(".gz") ? ISO_8859_1 : UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void plant(Path folder, String manufacturer) throws IOException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(folder)) {
            files = entries.toList();
        }
        for (Path file : files) {
            DicomHeader header = DicomReader.read(file);
            byte[] pixels = pixels(file, header);
            DicomDataset nested = named(DicomDataset.builder().set("SpecificCharacterSet", "ISO_IR 192"))
                    .build();
            DicomDatasetBuilder planted = DicomDataset.builder().set("SpecificCharacterSet", "ISO_IR 192");
            header.dataset().forEach(element -> {
                if (element.tag() != Tag.PIXEL_DATA && element.bytes().isPresent()) {
                    planted.set(element.tag(), element.vr(), element.bytes().get());
                }
            });
            named(planted)
                    .set("Manufacturer", manufacturer)
                    .set("RequestAttributesSequence", nested)
                    .set("PerformedProtocolCodeSequence", nested)
                    .set(0x00191010, Vr.LO, NAME)
                    .set(Tag.PIXEL_DATA, Vr.OW, pixels);
            DicomWriter.write(file, planted.build());
        }
    }

    private static byte[] pixels(Path file, DicomHeader header) throws IOException {
        byte[] all = Files.readAllBytes(file);
        int from = (int) header.pixelData().orElseThrow().offset();
        return java.util.Arrays.copyOfRange(
                all, from, from + (int) header.pixelData().orElseThrow().length());
    }

    /** Sets every free-text element of the dictionary. */
    private static DicomDatasetBuilder named(DicomDatasetBuilder builder) throws IOException {
        int planted = 0;
        try (InputStream in = Dictionary.class.getResourceAsStream("dictionary.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                boolean concrete = !line.startsWith("#") && !line.startsWith("0002") && !line.startsWith("xx", 2);
                if (concrete && FREE_TEXT.contains(line.substring(9, 11)) && !SPARED.contains(line.substring(12))) {
                    builder.set(
                            Integer.parseUnsignedInt(line.substring(0, 8), 16),
                            Vr.valueOf(line.substring(9, 11)),
                            NAME);
                    planted++;
                }
            }
        }
        assertThat(planted).isGreaterThan(500);
        return builder;
    }
}
