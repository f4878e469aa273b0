package org.datman.local.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.SeriesExported;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiReader;
import org.jspecify.annotations.Nullable;

/**
 * The expected images of a session. First the rows of its {@code reference.tsv}, made with dcm2niix from the same DICOM files;
 * compared are {@code archive}, {@code kind}, {@code series}, {@code shape}, {@code affine} (rows 1 to 3, RAS, in mm; zeros where
 * the image has no position) and {@code sha256_voxels} (of the voxels as they are stored). Then, for images that have no row, the
 * NIfTI files in its folder {@code ref}, made by others from the same scans.
 *
 * @param rows the table
 * @param published the files in {@code ref}
 * @param kinds the tags for the kinds of the table
 */
public record ReferenceImages(List<Row> rows, List<Published> published, ReferenceKinds kinds) {

    /** The references have four decimals. */
    private static final double AFFINE_TOLERANCE_MM = 2e-3;

    private static final int AFFINE_NUMBERS = 12;
    private static final String FILE = "reference.tsv";
    private static final String PUBLISHED = "ref";
    private static final List<String> COLUMNS =
            List.of("archive", "kind", "series", "shape", "affine", "sha256_voxels");

    public ReferenceImages {
        rows = List.copyOf(rows);
        published = List.copyOf(published);
    }

    /**
     * One image of the table.
     *
     * @param affine twelve numbers; zeros when the reference has no position
     */
    public record Row(String archive, String kind, String series, String shape, double[] affine, String digest) {

        String name() {
            return archive + " series " + series + " " + kind + " " + shape;
        }
    }

    /** One file in {@code ref}. */
    public record Published(String name, NiftiHeader header, String digest) {}

    /** Result of a comparison. */
    public enum Outcome {
        EQUAL,
        /** It differs from its reference, is missing, or is one more than the reference has of its series. */
        UNEQUAL,
        /** There is no reference for it: it is reported, and is no fault. */
        NO_REFERENCE
    }

    /**
     * The result of one image.
     *
     * @param image its name in the reference
     * @param stem the exported image that has its voxels; null when there is none
     * @param remark the differences; for an image without reference, other information about it; empty for an equal one
     */
    public record Comparison(String image, @Nullable String stem, Outcome outcome, String remark) {}

    private record Image(String stem, String tag, String series, String digest, NiftiHeader header) {}

    /** The reference of a session's folder; empty when there is none. */
    public static Optional<ReferenceImages> in(Path folder, ReferenceKinds kinds) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        return Optional.of(new ReferenceImages(rows(file), published(folder.resolve(PUBLISHED)), kinds));
    }

    private static List<Row> rows(Path file) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (CSVParser table = CSVParser.parse(file, StandardCharsets.UTF_8, ReferenceKinds.TABLE)) {
            List<String> names = table.getHeaderNames();
            if (!names.containsAll(COLUMNS)) {
                throw new IOException(file + " lacks one of the columns " + COLUMNS + " in its first line");
            }
            for (CSVRecord record : table) {
                long line = record.getRecordNumber() + 1;
                if (record.size() < names.size()) {
                    throw new IOException(
                            file + ":" + line + " has " + record.size() + " cells; its first line has " + names.size());
                }
                List<String> cell = COLUMNS.stream().map(record::get).toList();
                rows.add(new Row(
                        cell.get(0),
                        cell.get(1),
                        cell.get(2),
                        cell.get(3),
                        affine(cell.get(4), file, line),
                        cell.get(5)));
            }
        }
        return rows;
    }

    private static double[] affine(String text, Path file, long line) throws IOException {
        String[] numbers = text.isBlank() ? new String[0] : text.strip().split("\\s+");
        double[] affine = new double[AFFINE_NUMBERS];
        try {
            if (numbers.length != 0 && numbers.length != AFFINE_NUMBERS) {
                throw new NumberFormatException();
            }
            for (int i = 0; i < numbers.length; i++) {
                affine[i] = Double.parseDouble(numbers[i]);
            }
            return affine;
        } catch (NumberFormatException e) {
            throw new IOException(
                    file + ":" + line + ": affine is '" + text + "'; it is twelve numbers, or nothing for an image"
                            + " without position",
                    e);
        }
    }

    private static List<Published> published(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Published> published = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(one -> one.toString().matches(".*\\.nii(\\.gz)?"))
                    .sorted()
                    .toList()) {
                try (NiftiReader reader = NiftiReader.open(file)) {
                    published.add(new Published(
                            PUBLISHED + "/" + file.getFileName(), reader.header(), NiftiReader.voxelDigest(file)));
                }
            }
        }
        return published;
    }

    /**
     * Results for every image of the table and for every exported image that it does not have. An exported image matches one row
     * only.
     */
    List<Comparison> compare(SessionHistory history, Path archive) throws IOException {
        List<Image> images = images(history, archive);
        Map<Row, Image> pairs = pairs(images);
        List<Comparison> compared = new ArrayList<>();
        for (Row row : rows) {
            Image image = pairs.get(row);
            compared.add(
                    image == null
                            ? new Comparison(
                                    row.name(),
                                    null,
                                    Outcome.UNEQUAL,
                                    "no exported image has these voxels" + describe(row, history))
                            : compared(row.name(), image, difference(row, image)));
        }
        for (Image image : images) {
            if (!pairs.containsValue(image)) {
                compared.add(withoutRow(image, images));
            }
        }
        return compared;
    }

    private static Comparison compared(String name, Image image, String difference) {
        return new Comparison(name, image.stem(), difference.isEmpty() ? Outcome.EQUAL : Outcome.UNEQUAL, difference);
    }

    /** Matching order: same voxels and series number, then same voxels, last same series number. */
    private Map<Row, Image> pairs(List<Image> images) {
        List<Image> free = new ArrayList<>(images);
        Map<Row, Image> pairs = new HashMap<>();
        List<BiPredicate<Row, Image>> likenesses = List.of(
                (row, image) -> difference(row, image).isEmpty() && sameSeries(row, image),
                (row, image) -> difference(row, image).isEmpty(),
                (row, image) -> row.digest().equals(image.digest()),
                ReferenceImages::sameSeries);
        for (BiPredicate<Row, Image> alike : likenesses) {
            for (Row row : rows) {
                if (!pairs.containsKey(row)) {
                    free.stream()
                            .filter(image -> alike.test(row, image))
                            .findFirst()
                            .ifPresent(image -> {
                                free.remove(image);
                                pairs.put(row, image);
                            });
                }
            }
        }
        return pairs;
    }

    private static boolean sameSeries(Row row, Image image) {
        return row.series().equals(image.series());
    }

    private Comparison withoutRow(Image image, List<Image> images) {
        List<Published> same = published.stream()
                .filter(one -> one.digest().equals(image.digest()))
                .toList();
        if (!same.isEmpty()) {
            Published best = same.stream()
                    .filter(one -> difference(one, image).isEmpty())
                    .findFirst()
                    .orElse(same.get(0));
            return compared(best.name(), image, difference(best, image));
        }
        long rowsOfSeries = rows.stream().filter(row -> sameSeries(row, image)).count();
        if (rowsOfSeries > 0) {
            return new Comparison(
                    image.stem(),
                    image.stem(),
                    Outcome.UNEQUAL,
                    "one more than the " + rowsOfSeries + " that the reference has of series " + image.series());
        }
        String alike = images.stream()
                .filter(other -> !other.equals(image) && other.digest().equals(image.digest()))
                .map(Image::stem)
                .collect(Collectors.joining(", "));
        return new Comparison(
                image.stem(),
                image.stem(),
                Outcome.NO_REFERENCE,
                alike.isEmpty() ? "no other image of the session has its voxels" : "same voxels as " + alike);
    }

    private static List<Image> images(SessionHistory history, Path archive) throws IOException {
        List<Image> images = new ArrayList<>();
        for (SeriesHistory series : history.series.values()) {
            for (SeriesExported.Product product :
                    series.exported.map(SeriesExported::products).orElse(List.of())) {
                Optional<FileRef> nifti = product.file(FileRole.NIFTI);
                if (nifti.isPresent()) {
                    Path file = archive.resolve(nifti.get().path());
                    try (NiftiReader reader = NiftiReader.open(file)) {
                        images.add(new Image(
                                product.stem(),
                                product.tag(),
                                series.exported
                                        .flatMap(SeriesExported::seriesNumber)
                                        .map(Object::toString)
                                        .orElse(series.scan),
                                NiftiReader.voxelDigest(file),
                                reader.header()));
                    }
                }
            }
        }
        return images;
    }

    /** What is wrong with the image; empty for nothing. */
    private String difference(Row row, Image image) {
        List<String> differences = new ArrayList<>();
        if (!row.digest().equals(image.digest())) {
            differences.add("has other voxels");
        }
        kinds.difference(row.kind(), image.tag()).ifPresent(differences::add);
        if (!shape(image.header()).equals(row.shape())) {
            differences.add("has " + shape(image.header()) + " voxels");
        }
        position(image.header(), row.affine()).ifPresent(differences::add);
        return String.join("; ", differences);
    }

    private static String difference(Published published, Image image) {
        NiftiHeader header = published.header();
        if (!shape(image.header()).equals(shape(header))) {
            return "has " + shape(image.header()) + " voxels, not " + shape(header);
        }
        return position(image.header(), hasPosition(header) ? flat(header.affine()) : new double[AFFINE_NUMBERS])
                .orElse("");
    }

    /**
     * What is wrong with the position of the image. Colour images and screenshots may have none: readers then derive an affine from the
     * voxel sizes, in one of several ways, and any of these is right.
     */
    private static Optional<String> position(NiftiHeader header, double[] reference) {
        boolean referenceLiesNowhere = near(reference, new double[AFFINE_NUMBERS]);
        boolean right;
        if (!hasPosition(header)) {
            right = referenceLiesNowhere
                    || near(reference, flat(header.affine()))
                    || near(reference, centred(header, 1))
                    || near(reference, centred(header, -1));
        } else if (referenceLiesNowhere) {
            // The table contains the sform only.
            right = header.sform().code() <= 0;
        } else {
            right = near(reference, flat(header.affine()));
        }
        if (right) {
            return Optional.empty();
        }
        return Optional.of(
                "has the affine " + (hasPosition(header) ? text(flat(header.affine())) : "of an image without position")
                        + ", not " + (referenceLiesNowhere ? "none" : text(reference)));
    }

    private static boolean hasPosition(NiftiHeader header) {
        return header.sform().code() > 0 || header.qform().code() > 0;
    }

    /** The affine that nibabel derives for an image without position: its middle is the origin, and its x may run to the left. */
    private static double[] centred(NiftiHeader header, int xSign) {
        int[] sizes = {header.nx(), header.ny(), header.nz()};
        double[] affine = new double[AFFINE_NUMBERS];
        for (int axis = 0; axis < sizes.length; axis++) {
            double mm = header.voxelSizeMm(axis) * (axis == 0 ? xSign : 1);
            affine[5 * axis] = mm;
            affine[4 * axis + 3] = -mm * (sizes[axis] - 1) / 2;
        }
        return affine;
    }

    private static double[] flat(double[][] affine) {
        double[] flat = new double[AFFINE_NUMBERS];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = affine[i / 4][i % 4];
        }
        return flat;
    }

    private static boolean near(double[] one, double[] other) {
        for (int i = 0; i < one.length; i++) {
            if (Math.abs(one[i] - other[i]) > AFFINE_TOLERANCE_MM) {
                return false;
            }
        }
        return true;
    }

    private static String text(double[] affine) {
        return Arrays.stream(affine)
                .mapToObj(number -> String.format(Locale.ROOT, "%.4f", number))
                .collect(Collectors.joining(" "));
    }

    /** DATMAN's results for the scans with that series number. */
    private static String describe(Row row, SessionHistory history) {
        String remarks = history.series.values().stream()
                .filter(series -> series.tagged
                        .flatMap(tagged -> tagged.seriesNumber())
                        .filter(number -> number.toString().equals(row.series()))
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
        return remarks.isEmpty() ? "" : " (" + remarks + ")";
    }

    private static String shape(NiftiHeader header) {
        String shape = header.nx() + "x" + header.ny() + "x" + header.nz();
        return header.nt() > 1 ? shape + "x" + header.nt() : shape;
    }
}
