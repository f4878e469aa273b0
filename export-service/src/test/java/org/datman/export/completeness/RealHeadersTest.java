package org.datman.export.completeness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.datman.contracts.event.Reason;
import org.datman.export.dicom.ImageHeader;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.deidentification.BurnedIn;
import org.datman.imaging.dicom.DicomHeader;
import org.datman.imaging.dicom.DicomReader;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** No complete real series is reported as incomplete, and none is taken for screenshots; headers only, so all of them in a few seconds. */
class RealHeadersTest {

    /** Cut by their publishers to the first volumes of the run, according to the inventory: these are incomplete. */
    private static final List<String> CUT = List.of("2101_fcMRI_first20vols", "202_SOURCE_pCASL_first15");

    @Test
    void onlyTheCutSeriesAreIncomplete() throws IOException {
        // Given
        Path data = Path.of(System.getProperty("datman.shared-data", "none"));
        Assumptions.assumeTrue(Files.isDirectory(data), "Skipped: the real scans are not here");
        List<Path> archives;
        try (Stream<Path> found = Files.walk(data, 2)) {
            archives = found.filter(path -> path.toString().endsWith(".tar.xz"))
                    .sorted()
                    .toList();
        }
        Map<String, List<Reason>> losses = new TreeMap<>();
        TreeSet<String> withheld = new TreeSet<>();

        // When
        for (Path archive : archives) {
            for (Map.Entry<String, List<ImageHeader>> series :
                    headers(archive, withheld).entrySet()) {
                SeriesCount count = SeriesCount.of(series.getValue(), false);
                if (!count.completeness().losses().isEmpty()) {
                    losses.put(
                            archive.getFileName().toString().replace(".tar.xz", ""),
                            count.completeness().losses());
                }
            }
        }

        // Then
        assertThat(archives).hasSizeGreaterThan(50);
        assertThat(losses.keySet()).as("%s", losses).isEqualTo(new TreeSet<>(CUT));
        assertThat(withheld).as("images taken for screenshots").isEmpty();
        assertThat(losses.values())
                .allSatisfy(found -> assertThat(found).extracting(Reason::code).containsExactly("volumes-missing"));
    }

    /** Image headers by series, each SOP instance once. */
    private static Map<String, List<ImageHeader>> headers(Path archive, TreeSet<String> withheld) throws IOException {
        Map<String, List<ImageHeader>> series = new TreeMap<>();
        Map<String, Map<String, String>> protocols = new HashMap<>();
        TreeSet<String> seen = new TreeSet<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
                new XZCompressorInputStream(new BufferedInputStream(Files.newInputStream(archive))))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (!entry.isFile()) {
                    continue;
                }
                try {
                    DicomHeader header = DicomReader.read(tar);
                    if (header.pixelData().isPresent()
                            && seen.add(header.string("SOPInstanceUID").orElse(entry.getName()))) {
                        if (BurnedIn.isLikelyIn(header)) {
                            withheld.add(archive + " " + entry.getName());
                        }
                        ImageHeader image = ImageHeader.of(header, protocols);
                        series.computeIfAbsent(image.series() + " " + image.seriesNumber(), s -> new ArrayList<>())
                                .add(image);
                    }
                } catch (ImageFormatException notDicom) {
                    // Licences and notes are stored with the images.
                    continue;
                }
            }
        }
        return series;
    }
}
