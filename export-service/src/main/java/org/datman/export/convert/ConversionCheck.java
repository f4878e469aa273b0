package org.datman.export.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.Reason;
import org.datman.export.completeness.Corners;
import org.datman.export.completeness.SeriesCount.Shape;

/**
 * Compares the converter's output with the source headers: number of slices and volumes, and positions of the outermost
 * voxels. Pure.
 */
final class ConversionCheck {

    /** Headers are rounded to a few micrometres; a lost slice moves a corner by a slice distance. */
    private static final double TOLERANCE_MM = 0.3;

    private ConversionCheck() {}

    /** The faults of the images as a set; empty when they match the headers, or when the headers do not state it. */
    static List<Reason> of(List<ConvertedImage> images, List<Shape> shapes) {
        List<ImageFacts> all = images.stream().map(ConvertedImage::facts).toList();
        List<ConvertedImage> measured =
                images.stream().filter(image -> !image.facts().derivedOf(all)).toList();
        if (shapes.isEmpty() || measured.isEmpty()) {
            return List.of();
        }
        List<Reason> wrong = new ArrayList<>();
        List<Shape> open = new ArrayList<>(shapes);
        List<ConvertedImage> strange = new ArrayList<>();
        for (ConvertedImage image : measured) {
            boolean found = open.stream()
                    .filter(shape -> fits(shape, image))
                    .findFirst()
                    .map(open::remove)
                    .orElse(false);
            if (!found) {
                strange.add(image);
            }
        }
        List<ImageFacts> computed =
                all.stream().filter(image -> image.derivedOf(all)).toList();
        leaveExplained(computed, shapes, open, strange);
        // Both polarities of a GE series, and its field map in Hz beside the magnitude, are separate images.
        boolean explained = strange.stream()
                                .map(image -> List.of(
                                        image.facts().part(), image.facts().phaseEncodingDirection()))
                                .distinct()
                                .count()
                        == strange.size()
                && strange.stream().mapToLong(image -> image.facts().voxels()).sum()
                        == open.stream().mapToLong(Shape::voxels).sum()
                && strange.size() > 1;
        if (!(strange.isEmpty() && open.isEmpty()) && !explained) {
            wrong.add(new Reason(
                    "not-as-in-headers",
                    "The converter created " + sizes(measured) + "; by the headers it should be "
                            + shapes.stream()
                                    .map(shape -> shape.columns() + "×" + shape.rows() + "×" + shape.slices()
                                            + " voxels × " + shape.volumes() + " volumes")
                                    .collect(Collectors.joining(" and ")),
                    "Do not use the images before they have been compared with the DICOM files on the server"));
        }
        for (ConvertedImage image : measured) {
            double off = shapes.stream()
                    .filter(shape -> shape.corners().size() == 8)
                    .mapToDouble(shape -> Corners.distance(shape.corners(), image.corners()))
                    .min()
                    .orElse(0);
            if (!image.corners().isEmpty() && off > TOLERANCE_MM) {
                wrong.add(new Reason(
                        "geometry-not-as-in-headers",
                        String.format(
                                Locale.ROOT,
                                "An image does not lie where the headers say: its outermost voxels are up to %.1f mm off",
                                off),
                        "Do not use its coordinates; the DICOM files on the server are correct"));
                break;
            }
        }
        return wrong;
    }

    /**
     * Subtracts the images computed by the scanner, grid by grid. dcm2niix removes appended trace and ADC volumes
     * from the measured image and keeps a copy with all volumes beside it ({@code _ADC}, nii_dicom_batch.cpp); other computed
     * volumes become a separate image.
     */
    private static void leaveExplained(
            List<ImageFacts> computed, List<Shape> shapes, List<Shape> open, List<ConvertedImage> strange) {
        for (List<Integer> grid :
                open.stream().map(ConversionCheck::grid).distinct().toList()) {
            List<ConvertedImage> made = strange.stream()
                    .filter(image -> grid(image.facts()).equals(grid))
                    .toList();
            List<ImageFacts> beside =
                    computed.stream().filter(image -> grid(image).equals(grid)).toList();
            int gone = volumes(open, grid)
                    - made.stream().mapToInt(image -> image.facts().volumes()).sum();
            int all = volumes(shapes, grid);
            int stated = shapes.stream()
                    .filter(shape -> grid(shape).equals(grid))
                    .mapToInt(Shape::computed)
                    .sum();
            boolean copied = beside.stream().anyMatch(image -> image.volumes() == all);
            int apart = beside.stream()
                    .mapToInt(ImageFacts::volumes)
                    .filter(volumes -> volumes != all)
                    .sum();
            if (gone > 0 && (copied && (stated == 0 || stated == gone) || apart == gone)) {
                strange.removeAll(made);
                open.removeIf(shape -> grid(shape).equals(grid));
            }
        }
    }

    private static int volumes(List<Shape> shapes, List<Integer> grid) {
        return shapes.stream()
                .filter(shape -> grid(shape).equals(grid))
                .mapToInt(Shape::volumes)
                .sum();
    }

    private static List<Integer> grid(Shape shape) {
        return Stream.of(shape.rows(), shape.columns(), shape.slices()).sorted().toList();
    }

    private static List<Integer> grid(ImageFacts image) {
        return image.dims().stream().limit(3).sorted().toList();
    }

    /** Whether all slices and volumes exist. dcm2niix reorders the axes of sagittal and coronal 3D images, so their order does not count. */
    private static boolean fits(Shape shape, ConvertedImage image) {
        return grid(shape).equals(grid(image.facts()))
                && shape.volumes() == image.facts().volumes();
    }

    private static String sizes(List<ConvertedImage> images) {
        return images.size() > 5
                ? images.size() + " images"
                : images.stream()
                        .map(image -> image.facts().dims().stream()
                                        .limit(3)
                                        .map(String::valueOf)
                                        .collect(Collectors.joining("×"))
                                + " voxels × " + image.facts().volumes() + " volumes")
                        .collect(Collectors.joining(" and "));
    }
}
