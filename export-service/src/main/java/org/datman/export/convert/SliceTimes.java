package org.datman.export.convert;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.datman.export.dicom.SourceHeaders.Frame;

/** When the slices of a volume were measured, in the order of the NIfTI's third axis. Pure. */
final class SliceTimes {

    /** Fraction of the slice distance: a frame further from a slice centre is not of this image. */
    private static final double OFF_CENTRE = 0.25;

    /** Siemens rounds times of files and frames to 2.5 ms; a difference has two of them. In s. */
    static final double TOLERANCE = 0.005;

    private SliceTimes() {}

    /**
     * Orders the times of frames by slice.
     *
     * @param frames of one volume, one per slice
     * @param affine voxel to RAS mm
     * @param slices number of slices
     * @param repetitionTime in s
     * @return seconds after the first slice; empty when a slice has no time, when all are equal (the headers then have that of
     *     the volume), or when they span more than a repetition
     */
    static Optional<double[]> inOrder(List<Frame> frames, double[][] affine, int slices, double repetitionTime) {
        double[] times = new double[slices];
        Arrays.fill(times, Double.NaN);
        double[] step = {affine[0][2], affine[1][2], affine[2][2]};
        double length = dot(step, step);
        // Along the slice normal: the position of a slice's first voxel along the third axis depends on it
        // only.
        double[] normal = cross(column(affine, 0), column(affine, 1));
        double perSlice = dot(step, normal);
        if (length == 0 || perSlice == 0) {
            return Optional.empty();
        }
        double origin = affine[0][3] * normal[0] + affine[1][3] * normal[1] + affine[2][3] * normal[2];
        for (Frame frame : frames) {
            double[] ras = {-frame.position()[0], -frame.position()[1], frame.position()[2]};
            double place = (dot(ras, normal) - origin) / perSlice;
            int slice = (int) Math.rint(place);
            if (slice < 0 || slice >= slices || Math.abs(place - slice) > OFF_CENTRE) {
                return Optional.empty();
            }
            times[slice] = frame.seconds();
        }
        double first = Arrays.stream(times).min().orElse(Double.NaN);
        double last = Arrays.stream(times).max().orElse(Double.NaN);
        if (Double.isNaN(first) || last - first <= 0 || last - first >= repetitionTime) {
            return Optional.empty();
        }
        return Optional.of(Arrays.stream(times)
                .map(time -> Math.rint((time - first) * 1e6) / 1e6)
                .toArray());
    }

    /** The largest difference of two lists of times, in s; infinite for lists of different length. */
    static double difference(double[] one, double[] other) {
        double largest = one.length == other.length ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < Math.min(one.length, other.length); i++) {
            largest = Math.max(largest, Math.abs(one[i] - other[i]));
        }
        return largest;
    }

    /** Independent of the slice order: the converter reorders mosaics. */
    static double differenceOfSorted(double[] one, double[] other) {
        double[] a = sortedFromZero(one);
        double[] b = sortedFromZero(other);
        return difference(a, b);
    }

    /** Whether such times are plausible: as many as slices, none before the first, all within a repetition. */
    static boolean possible(double[] times, int slices, double repetitionTime) {
        return times.length == slices
                && Arrays.stream(times).allMatch(time -> time >= 0 && (time < repetitionTime || repetitionTime <= 0));
    }

    private static double[] sortedFromZero(double[] times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        double first = sorted.length == 0 ? 0 : sorted[0];
        return Arrays.stream(sorted).map(time -> time - first).toArray();
    }

    private static double[] column(double[][] affine, int column) {
        return new double[] {affine[0][column], affine[1][column], affine[2][column]};
    }

    private static double[] cross(double[] a, double[] b) {
        return new double[] {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }
}
