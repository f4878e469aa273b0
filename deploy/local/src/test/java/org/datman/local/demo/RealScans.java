package org.datman.local.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.SeriesExported;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiReader;
import org.junit.jupiter.api.Assumptions;

/** A session of real scans with the reference that says what its images are. */
record RealScans(Path folder, List<Map<String, String>> reference) {

    private static final double AFFINE_TOLERANCE_MM = 2e-3;

    private static final Map<String, Set<String>> TAGS_OF_KIND = Map.of(
            "T1", Set.of("T1"),
            "DWI", Set.of("DWI"),
            "BOLD", Set.of("BOLD", "BOLD-E1", "BOLD-E2"),
            "ASL", Set.of("ASL"),
            "derived map", Set.of("DERIVED"),
            "localizer", Set.of("LOC"),
            "phantom T1", Set.of("T1-ACR"),
            "fmap (magnitude)", Set.of("MAG1", "MAG2", "FMAP-MAG1", "FMAP-MAG2", "B0MAP-MAG"),
            "fmap (phase)", Set.of("PHASEDIFF", "FMAP-PHASE1", "FMAP-PHASE2"),
            "fmap (Hz)", Set.of("B0MAP-HZ"));

    static RealScans unpack(String session, Path target) throws IOException, InterruptedException {
        Path source = Path.of(System.getProperty("datman.shared-data")).resolve(session);
        Assumptions.assumeTrue(
                Files.isDirectory(source), "There are no real scans of " + session + " on this machine; skipped");
        try (Stream<Path> archives = Files.list(source)) {
            for (Path archive :
                    archives.filter(file -> file.toString().endsWith(".tar.xz")).toList()) {
                Path series = target.resolve(archive.getFileName().toString().replace(".tar.xz", ""));
                Files.createDirectories(series);
                Process tar = new ProcessBuilder("tar", "-xJf", archive.toString(), "-C", series.toString())
                        .inheritIO()
                        .start();
                if (tar.waitFor() != 0) {
                    throw new IOException(archive + " could not be unpacked");
                }
            }
        }
        List<String> lines = Files.readAllLines(source.resolve("reference.tsv"));
        String[] names = lines.get(0).split("\t", -1);
        List<Map<String, String>> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t", -1);
            Map<String, String> row = new HashMap<>();
            for (int i = 0; i < names.length; i++) {
                row.put(names[i], cells[i]);
            }
            rows.add(row);
        }
        return new RealScans(target, rows);
    }

    private record Image(String tag, NiftiHeader header) {}

    /** Rows of the reference to which no exported image answers in voxels, dimensions, affine and tag. */
    List<String> differences(SessionStory story, Path archive) throws IOException {
        Map<String, List<Image>> byDigest = new HashMap<>();
        for (SeriesStory series : story.series.values()) {
            for (SeriesExported.Product product :
                    series.exported.map(SeriesExported::products).orElse(List.of())) {
                FileRef nifti = product.file("nifti").orElseThrow();
                Path file = archive.resolve(nifti.path());
                try (NiftiReader reader = NiftiReader.open(file)) {
                    byDigest.computeIfAbsent(NiftiReader.voxelDigest(file), digest -> new ArrayList<>())
                            .add(new Image(product.tag(), reader.header()));
                }
            }
        }
        List<String> differences = new ArrayList<>();
        for (Map<String, String> row : reference) {
            List<Image> images = byDigest.getOrDefault(row.get("sha256_voxels"), List.of());
            String what = row.get("archive") + " " + row.get("kind") + " " + row.get("shape");
            if (images.isEmpty()) {
                differences.add(what + ": no image has these voxels");
            } else if (images.stream()
                    .noneMatch(image -> TAGS_OF_KIND.get(row.get("kind")).contains(image.tag()))) {
                differences.add(
                        what + ": tagged " + images.stream().map(Image::tag).toList());
            } else if (images.stream().noneMatch(image -> shape(image.header()).equals(row.get("shape")))) {
                differences.add(what + ": "
                        + images.stream().map(image -> shape(image.header())).toList());
            } else if (images.stream().noneMatch(image -> near(image.header().affine(), row.get("affine")))) {
                differences.add(what + ": another affine than " + row.get("affine"));
            }
        }
        return differences;
    }

    private static String shape(NiftiHeader header) {
        String shape = header.nx() + "x" + header.ny() + "x" + header.nz();
        return header.nt() > 1 ? shape + "x" + header.nt() : shape;
    }

    private static boolean near(double[][] affine, String expected) {
        String[] numbers = expected.trim().split("\\s+");
        for (int i = 0; i < numbers.length; i++) {
            if (Math.abs(affine[i / 4][i % 4] - Double.parseDouble(numbers[i])) > AFFINE_TOLERANCE_MM) {
                return false;
            }
        }
        return true;
    }
}
