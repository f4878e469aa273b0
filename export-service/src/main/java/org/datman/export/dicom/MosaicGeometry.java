package org.datman.export.dicom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.dicom.DicomHeader;
import org.datman.imaging.dicom.SiemensCsa;

/**
 * Position of the volume of a Siemens mosaic. ImagePositionPatient is where the first voxel would be if the whole mosaic were one slice
 * around the slice's centre: the first voxel of the first slice is half the difference of both sizes further along rows and columns
 * (Brett, "Siemens mosaic format", nibabel 5.0 documentation, {@code nibabel.nicom.dicomwrappers.MosaicWrapper.image_position}).
 * The slices follow each other along SliceNormalVector of the CSA header, SpacingBetweenSlices apart.
 */
final class MosaicGeometry {

    private MosaicGeometry() {}

    /**
     * The centres of the eight outermost voxels in patient coordinates (LPS, mm); empty when the header does not contain it.
     *
     * @param slices number of slices
     */
    static List<List<Double>> corners(DicomHeader header, int slices) {
        double[] position = header.dataset().doubles("ImagePositionPatient");
        double[] orientation = header.dataset().doubles("ImageOrientationPatient");
        double[] pixel = header.dataset().doubles("PixelSpacing");
        double[] apart = header.dataset().doubles("SpacingBetweenSlices");
        double[] normal = csa(header, "SliceNormalVector").stream()
                .mapToDouble(MosaicGeometry::number)
                .toArray();
        int tiles = (int) Math.ceil(Math.sqrt(slices));
        int rows = header.integer("Rows").orElse(0);
        int columns = header.integer("Columns").orElse(0);
        boolean stated = position.length == 3
                && orientation.length == 6
                && pixel.length == 2
                && apart.length == 1
                && normal.length == 3
                && rows % tiles == 0
                && columns % tiles == 0
                && Arrays.stream(normal).allMatch(Double::isFinite);
        if (!stated) {
            return List.of();
        }
        int high = rows / tiles;
        int wide = columns / tiles;
        double firstRow = (rows - high) / 2.0;
        double firstColumn = (columns - wide) / 2.0;
        List<List<Double>> corners = new ArrayList<>();
        for (int slice : new int[] {0, slices - 1}) {
            for (double row : new double[] {firstRow, firstRow + high - 1}) {
                for (double column : new double[] {firstColumn, firstColumn + wide - 1}) {
                    List<Double> corner = new ArrayList<>();
                    for (int axis = 0; axis < 3; axis++) {
                        corner.add(position[axis]
                                + orientation[axis] * pixel[1] * column
                                + orientation[axis + 3] * pixel[0] * row
                                + normal[axis] * apart[0] * slice);
                    }
                    corners.add(corner);
                }
            }
        }
        return corners;
    }

    /** A value of the CSA image header; empty when it is missing or damaged. */
    static List<String> csa(DicomHeader header, String name) {
        try {
            Optional<Map<String, List<String>>> image = SiemensCsa.imageHeader(header.dataset());
            return image.map(csa -> csa.getOrDefault(name, List.of())).orElse(List.of());
        } catch (ImageFormatException damaged) {
            return List.of();
        }
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException notANumber) {
            return Double.NaN;
        }
    }
}
