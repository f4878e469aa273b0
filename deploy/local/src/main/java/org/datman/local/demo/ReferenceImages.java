package org.datman.local.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.SeriesExported;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiReader;

/**
 * What the images of a session must be: the rows of a {@code reference.tsv}, made with dcm2niix from the same DICOM files.
 * Columns that are looked at: {@code archive}, {@code kind}, {@code series}, {@code shape}, {@code affine} (rows 1 to 3,
 * RAS, in mm) and {@code sha256_voxels} (of the voxels as they are stored).
 */
public record ReferenceImages(List<Map<String, String>> rows) {

    /** The references have four decimals. */
    private static final double AFFINE_TOLERANCE_MM = 2e-3;

    private static final String FILE = "reference.tsv";
    private static final List<String> COLUMNS =
            List.of("archive", "kind", "series", "shape", "affine", "sha256_voxels");

    /** Which tags of the study of real scans are of which kind. */
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

    /**
     * How one image of the reference fared.
     *
     * @param image what the reference calls it
     * @param stem the exported image that has its voxels
     * @param difference empty when voxels, dimensions, affine and tag are the reference's
     */
    public record Comparison(String image, Optional<String> stem, Optional<String> difference) {

        /** Whether nothing differs. */
        public boolean equal() {
            return difference.isEmpty();
        }
    }

    private record Image(String stem, String tag, NiftiHeader header) {}

    /** The reference of a session's folder; empty when there is none. */
    public static Optional<ReferenceImages> in(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        List<String> names = List.of(lines.get(0).split("\t", -1));
        if (!names.containsAll(COLUMNS)) {
            throw new IOException(file + " lacks one of the columns " + COLUMNS + " in its first line");
        }
        List<Map<String, String>> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t", -1);
            Map<String, String> row = new HashMap<>();
            for (int i = 0; i < names.size() && i < cells.length; i++) {
                row.put(names.get(i), cells[i]);
            }
            rows.add(row);
        }
        return Optional.of(new ReferenceImages(rows));
    }

    /**
     * Every image of the reference with what differs from it, and every exported image that it does not have; an exported image
     * answers to one row only.
     */
    List<Comparison> compare(SessionStory story, Path archive) throws IOException {
        Map<String, List<Image>> byDigest = images(story, archive);
        List<Comparison> compared = new ArrayList<>();
        for (Map<String, String> row : rows) {
            List<Image> candidates = byDigest.getOrDefault(row.get("sha256_voxels"), new ArrayList<>());
            Optional<Image> best = candidates.stream()
                    .filter(image -> difference(row, image).isEmpty())
                    .findFirst()
                    .or(() -> candidates.stream().findFirst());
            best.ifPresent(candidates::remove);
            compared.add(new Comparison(
                    row.get("archive") + " series " + row.get("series") + " " + row.get("kind") + " "
                            + row.get("shape"),
                    best.map(Image::stem),
                    best.isPresent()
                            ? difference(row, best.get())
                            : Optional.of("no exported image has these voxels" + told(row, story))));
        }
        byDigest.values()
                .forEach(left -> left.forEach(image -> compared.add(new Comparison(
                        image.stem(),
                        Optional.of(image.stem()),
                        Optional.of("the reference has no image with these voxels")))));
        return compared;
    }

    private static Map<String, List<Image>> images(SessionStory story, Path archive) throws IOException {
        Map<String, List<Image>> byDigest = new HashMap<>();
        for (SeriesStory series : story.series.values()) {
            for (SeriesExported.Product product :
                    series.exported.map(SeriesExported::products).orElse(List.of())) {
                Optional<FileRef> nifti = product.file("nifti");
                if (nifti.isPresent()) {
                    Path file = archive.resolve(nifti.get().path());
                    try (NiftiReader reader = NiftiReader.open(file)) {
                        byDigest.computeIfAbsent(NiftiReader.voxelDigest(file), digest -> new ArrayList<>())
                                .add(new Image(product.stem(), product.tag(), reader.header()));
                    }
                }
            }
        }
        return byDigest;
    }

    private static Optional<String> difference(Map<String, String> row, Image image) {
        List<String> differences = new ArrayList<>();
        Set<String> tags = TAGS_OF_KIND.getOrDefault(row.get("kind"), Set.of());
        if (!tags.contains(image.tag())) {
            differences.add("tagged " + image.tag() + ", which is not " + row.get("kind"));
        }
        if (!shape(image.header()).equals(row.get("shape"))) {
            differences.add("has " + shape(image.header()) + " voxels");
        }
        if (!near(image.header().affine(), row.get("affine"))) {
            differences.add("has another affine than " + row.get("affine"));
        }
        return differences.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", differences));
    }

    /** What DATMAN says of the scans with that series number. */
    private static String told(Map<String, String> row, SessionStory story) {
        String told = story.series.values().stream()
                .filter(series -> series.tagged
                        .flatMap(tagged -> tagged.seriesNumber())
                        .filter(number -> number.toString().equals(row.get("series")))
                        .isPresent())
                .map(series -> "scan " + series.scan + ": "
                        + series.exported
                                .map(exported -> exported.outcome() + " "
                                        + exported.products().stream()
                                                .map(product -> product.stem() + " " + product.dimensions())
                                                .toList()
                                        + exported.reason()
                                                .map(reason -> " " + reason.message())
                                                .orElse(""))
                                .or(() -> series.tagged.map(tagged -> tagged.decision() + " "
                                        + tagged.reason().message()))
                                .orElse("nothing"))
                .collect(Collectors.joining("; "));
        return told.isEmpty() ? "" : " (" + told + ")";
    }

    private static String shape(NiftiHeader header) {
        String shape = header.nx() + "x" + header.ny() + "x" + header.nz();
        return header.nt() > 1 ? shape + "x" + header.nt() : shape;
    }

    private static boolean near(double[][] affine, String expected) {
        String[] numbers = expected.strip().split("\\s+");
        if (numbers.length != 12) {
            return false;
        }
        for (int i = 0; i < numbers.length; i++) {
            if (Math.abs(affine[i / 4][i % 4] - Double.parseDouble(numbers[i])) > AFFINE_TOLERANCE_MM) {
                return false;
            }
        }
        return true;
    }
}
