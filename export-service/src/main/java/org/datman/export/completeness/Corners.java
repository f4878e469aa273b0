package org.datman.export.completeness;

import java.util.ArrayList;
import java.util.List;
import org.datman.export.dicom.ImageHeader;
import org.datman.export.dicom.SlicePlane;

/**
 * The centres of the eight outermost voxels of an image in patient coordinates (LPS, mm): the same points by the DICOM
 * headers and by the NIfTI header, regardless of permuted or flipped axes.
 */
public final class Corners {

    private Corners() {}

    /** The corners of a stack, from its outermost slices; empty when the headers do not state the voxel size. */
    static List<List<Double>> of(Stack stack, List<Double> places) {
        Stack.Slice any = stack.slices().get(0);
        ImageHeader header = any.header();
        if (header.spacing().size() != 2 || header.rows() == 0 || header.columns() == 0) {
            return List.of();
        }
        List<List<Double>> corners = new ArrayList<>();
        for (double place : List.of(places.get(0), places.get(places.size() - 1))) {
            SlicePlane plane = stack.slices().stream()
                    .map(Stack.Slice::plane)
                    .min(java.util.Comparator.comparingDouble(p -> Math.abs(p.location() - place)))
                    .orElseThrow();
            for (int row : new int[] {0, header.rows() - 1}) {
                for (int column : new int[] {0, header.columns() - 1}) {
                    List<Double> point = new ArrayList<>();
                    for (int axis = 0; axis < 3; axis++) {
                        point.add(plane.position().get(axis)
                                + plane.orientation().get(axis)
                                        * header.spacing().get(1)
                                        * column
                                + plane.orientation().get(axis + 3)
                                        * header.spacing().get(0)
                                        * row);
                    }
                    corners.add(point);
                }
            }
        }
        return corners;
    }

    /** Maximum distance between the two sets of points, mm. */
    public static double distance(List<List<Double>> a, List<List<Double>> b) {
        double most = 0;
        for (List<Double> point : a) {
            double nearest = Double.POSITIVE_INFINITY;
            for (List<Double> other : b) {
                nearest = Math.min(
                        nearest,
                        Math.sqrt(Math.pow(point.get(0) - other.get(0), 2)
                                + Math.pow(point.get(1) - other.get(1), 2)
                                + Math.pow(point.get(2) - other.get(2), 2)));
            }
            most = Math.max(most, nearest);
        }
        return most;
    }
}
