package org.datman.export.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.datman.contracts.event.SeriesExported;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** All real series at once; a few minutes, so only on demand: {@code -Ddatman.test.every-series=true}. */
@EnabledIfSystemProperty(named = "datman.test.every-series", matches = "true")
class EveryRealSeriesTest {

    /** Each volume of this export is a separate series, and five series cannot produce the one image of the reference. */
    private static final String VOLUMES_AS_SERIES = "classic-5001-5005.tar.xz";

    @TempDir
    Path folder;

    @Test
    void voxelsAreThoseOfTheReferences() throws IOException {
        // Given
        Path data = Path.of(System.getProperty("datman.shared-data", "none"));
        Assumptions.assumeTrue(Files.isDirectory(data), "Skipped: the real scans are not here");
        List<Path> archives;
        try (Stream<Path> found = Files.walk(data, 2)) {
            archives = found.filter(path -> path.toString().endsWith(".tar.xz"))
                    .filter(path -> !path.endsWith(VOLUMES_AS_SERIES))
                    .sorted()
                    .toList();
        }
        List<String> wrong = new ArrayList<>();

        // When
        for (Path archive : archives) {
            String session = archive.getParent().getFileName().toString();
            String series = archive.getFileName().toString().replace(".tar.xz", "");
            List<String> expected = SharedData.reference(session, series).stream()
                    .map(SharedData.Reference::voxels)
                    .sorted()
                    .toList();
            List<String> actual = exported(archive, folder.resolve(session + "-" + series), wrong);
            // The references have no images of the two JPEG-LS files, which their converter could not read.
            boolean right = series.equals("nine-syntaxes") ? actual.containsAll(expected) : actual.equals(expected);
            if (!right) {
                wrong.add(session + "/" + series + ": expected " + expected + ", was " + actual);
            }
        }

        // Then
        assertThat(archives).hasSizeGreaterThan(50);
        assertThat(wrong).isEmpty();
    }

    private static List<String> exported(Path archive, Path place, List<String> wrong) throws IOException {
        List<String> voxels = new ArrayList<>();
        try (ExportFixture fixture = new ExportFixture(place)) {
            Session session = fixture.load(archive);
            for (Scan scan : session.scans()) {
                boolean hasDicom = scan.resources().stream()
                        .anyMatch(resource -> resource.label().equals("DICOM"));
                if (!hasDicom) {
                    continue;
                }
                String description = "s" + scan.id().replaceAll("[^A-Za-z0-9]", "");
                SeriesExported exported =
                        fixture.export(fixture.tagged(session, scan, ExportFixture.tag("T1", "05", description)));
                exported.reason()
                        .ifPresent(reason -> System.out.println(archive.getFileName() + " scan " + scan.id() + ": "
                                + exported.outcome() + " " + reason));
                if (exported.reason()
                        .filter(r -> r.code().equals("broken-dicom"))
                        .isPresent()) {
                    wrong.add(archive.getFileName() + " scan " + scan.id() + ": "
                            + exported.reason().get().message());
                }
                exported.reason()
                        .map(reason -> reason.message())
                        .filter(message -> message.contains("by the headers it should be")
                                || message.contains("does not lie where"))
                        .ifPresent(message -> wrong.add(archive.getFileName() + " scan " + scan.id() + ": " + message));
                voxels.addAll(fixture.voxels(exported).values());
            }
        }
        return voxels.stream().sorted().toList();
    }
}
