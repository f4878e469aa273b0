package org.datman.imaging.nifti;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The content of a NIfTI header, in the standard's own terms.
 *
 * @param version 1 or 2
 * @param byteOrder of header and voxels
 * @param dataType of the stored voxels
 * @param dims sizes, x first; one to seven of them
 * @param pixdims spacings as stored, seven of them: three in the spatial unit, the fourth (repetition time) in the temporal unit
 * @param sclSlope stored {@code scl_slope}; use {@link #slope()} for the effective one
 * @param sclInter stored {@code scl_inter}; use {@link #intercept()} for the effective one
 * @param qform quaternion form, possibly {@link QForm#ABSENT}
 * @param sform matrix form, possibly {@link SForm#ABSENT}
 * @param dimInfo packed encoding axes; see {@link #frequencyAxis()}
 * @param xyztUnits packed units; see {@link #spatialUnitMm()}
 * @param sliceCode slice order code, 0 if unknown
 * @param sliceDuration time per slice in the temporal unit
 * @param intentCode what the numbers mean, 0 if nothing special
 * @param description {@code descrip}: dcm2niix writes echo time, date and phase encoding here
 * @param auxFile {@code aux_file}
 * @param intentName {@code intent_name}
 * @param voxOffset byte offset of the first voxel in the uncompressed file
 */
public record NiftiHeader(
        int version,
        ByteOrder byteOrder,
        NiftiDataType dataType,
        List<Integer> dims,
        List<Double> pixdims,
        double sclSlope,
        double sclInter,
        QForm qform,
        SForm sform,
        int dimInfo,
        int xyztUnits,
        int sliceCode,
        double sliceDuration,
        int intentCode,
        String description,
        String auxFile,
        String intentName,
        long voxOffset) {

    /** Packed units "millimetre, second". */
    public static final int UNITS_MM_SECOND = 2 | 8;

    public NiftiHeader {
        dims = List.copyOf(dims);
        pixdims = List.copyOf(pixdims);
        if (dims.isEmpty() || dims.size() > 7 || pixdims.size() != 7) {
            throw new IllegalArgumentException("NIfTI has one to seven dims and seven pixdims");
        }
    }

    /**
     * A little-endian NIfTI-1 header in millimetres and seconds, without scaling; voxel sizes are taken from the affine.
     *
     * @param dataType type to store
     * @param affine 4×4 (or 3×4), voxel to RAS in mm; kept as sform, and as qform when it has no shear
     * @param dims sizes, x first
     */
    public static NiftiHeader of(NiftiDataType dataType, double[][] affine, int... dims) {
        List<Integer> sizes = new ArrayList<>();
        for (int dim : dims) {
            sizes.add(dim);
        }
        List<Double> pixdims = new ArrayList<>(Collections.nCopies(7, 1.0));
        for (int col = 0; col < 3; col++) {
            pixdims.set(
                    col,
                    Math.sqrt(affine[0][col] * affine[0][col]
                            + affine[1][col] * affine[1][col]
                            + affine[2][col] * affine[2][col]));
        }
        return new NiftiHeader(
                1,
                ByteOrder.LITTLE_ENDIAN,
                dataType,
                sizes,
                pixdims,
                1,
                0,
                QForm.of(affine, 1),
                SForm.of(affine, 1),
                0,
                UNITS_MM_SECOND,
                0,
                0,
                0,
                "",
                "",
                "",
                352);
    }

    /** The same header with another repetition time, in the header's temporal unit (seconds by default). */
    public NiftiHeader withRepetitionTime(double repetitionTime) {
        List<Double> changed = new ArrayList<>(pixdims);
        changed.set(3, repetitionTime);
        return copy(version, byteOrder, dataType, changed, sclSlope, sclInter, dimInfo, description, voxOffset);
    }

    /** The same header with other scaling: value = stored · slope + intercept. */
    public NiftiHeader withScaling(double slope, double intercept) {
        return copy(version, byteOrder, dataType, pixdims, slope, intercept, dimInfo, description, voxOffset);
    }

    /** The same header with another stored type. */
    public NiftiHeader withDataType(NiftiDataType type) {
        return copy(version, byteOrder, type, pixdims, sclSlope, sclInter, dimInfo, description, voxOffset);
    }

    /** The same header with another description, at most 79 ASCII characters. */
    public NiftiHeader withDescription(String text) {
        return copy(version, byteOrder, dataType, pixdims, sclSlope, sclInter, dimInfo, text, voxOffset);
    }

    /** The same header with these encoding axes, each 1 to 3, or 0 if unknown. */
    public NiftiHeader withEncodingAxes(int frequency, int phase, int slice) {
        int packed = (frequency & 3) | (phase & 3) << 2 | (slice & 3) << 4;
        return copy(version, byteOrder, dataType, pixdims, sclSlope, sclInter, packed, description, voxOffset);
    }

    /** The same header as NIfTI-1 or NIfTI-2 and in this byte order. */
    public NiftiHeader withFormat(int newVersion, ByteOrder order) {
        long offset = newVersion == 2 ? 544 : 352;
        return copy(newVersion, order, dataType, pixdims, sclSlope, sclInter, dimInfo, description, offset);
    }

    private NiftiHeader copy(
            int newVersion,
            ByteOrder order,
            NiftiDataType type,
            List<Double> spacings,
            double slope,
            double inter,
            int axes,
            String text,
            long offset) {
        return new NiftiHeader(
                newVersion,
                order,
                type,
                dims,
                spacings,
                slope,
                inter,
                qform,
                sform,
                axes,
                xyztUnits,
                sliceCode,
                sliceDuration,
                intentCode,
                text,
                auxFile,
                intentName,
                offset);
    }

    /** Size along x, voxels. */
    public int nx() {
        return dim(0);
    }

    /** Size along y, voxels. */
    public int ny() {
        return dim(1);
    }

    /** Size along z, voxels. */
    public int nz() {
        return dim(2);
    }

    /** Size along the fourth axis (time), 1 for a 3-D image. */
    public int nt() {
        return dim(3);
    }

    private int dim(int axis) {
        return axis < dims.size() ? dims.get(axis) : 1;
    }

    /** Voxels per volume, nx · ny · nz. */
    public long voxelsPerVolume() {
        return (long) nx() * ny() * nz();
    }

    /** Number of 3-D volumes: the product of the fourth and higher dims. */
    public long volumeCount() {
        long count = 1;
        for (int axis = 3; axis < dims.size(); axis++) {
            count *= dims.get(axis);
        }
        return count;
    }

    /** Bytes of all stored voxels. */
    public long voxelBytes() {
        return voxelsPerVolume() * volumeCount() * dataType.bytes();
    }

    /** Millimetres per spatial unit; an undeclared unit is taken as millimetres, as all tools do. */
    public double spatialUnitMm() {
        return switch (xyztUnits & 7) {
            case 1 -> 1000;
            case 3 -> 0.001;
            default -> 1;
        };
    }

    /** Seconds per temporal unit; an undeclared unit is taken as seconds. */
    public double temporalUnitSeconds() {
        return switch (xyztUnits & 0x38) {
            case 16 -> 1e-3;
            case 24 -> 1e-6;
            default -> 1;
        };
    }

    /** Voxel size along an axis (0 = x, 1 = y, 2 = z), mm. */
    public double voxelSizeMm(int axis) {
        return Math.abs(pixdims.get(axis)) * spatialUnitMm();
    }

    /** Time between volumes, seconds: {@code pixdim[4]}; 0 if the header does not have it. */
    public double repetitionTimeSeconds() {
        return dims.size() < 4 ? 0 : pixdims.get(3) * temporalUnitSeconds();
    }

    /** Effective slope: a stored 0 or non-number means "no scaling" by the standard. */
    public double slope() {
        return scaled() ? sclSlope : 1;
    }

    /** Effective intercept. */
    public double intercept() {
        return scaled() && Double.isFinite(sclInter) ? sclInter : 0;
    }

    private boolean scaled() {
        return Double.isFinite(sclSlope) && sclSlope != 0;
    }

    /** Frequency encoding axis, 1 to 3, or 0 if unknown. */
    public int frequencyAxis() {
        return dimInfo & 3;
    }

    /** Phase encoding axis, 1 to 3, or 0 if unknown. */
    public int phaseAxis() {
        return dimInfo >> 2 & 3;
    }

    /**
     * Whether voxels of another image are in the same places: the same dimensions, and no corner of the volume farther away than this.
     *
     * @param mm greatest distance in mm
     */
    public boolean hasGridOf(NiftiHeader other, double mm) {
        if (!dims.equals(other.dims)) {
            return false;
        }
        double[][] here = affine();
        double[][] there = other.affine();
        for (int corner = 0; corner < 8; corner++) {
            double[] voxel = {(corner & 1) * (nx() - 1), (corner >> 1 & 1) * (ny() - 1), (corner >> 2) * (nz() - 1), 1};
            double squares = 0;
            for (int row = 0; row < 3; row++) {
                double apart = 0;
                for (int col = 0; col < 4; col++) {
                    apart += (here[row][col] - there[row][col]) * voxel[col];
                }
                squares += apart * apart;
            }
            if (!(Math.sqrt(squares) <= mm)) {
                return false;
            }
        }
        return true;
    }

    /** Slice axis, 1 to 3, or 0 if unknown. */
    public int sliceAxis() {
        return dimInfo >> 4 & 3;
    }

    /**
     * Voxel index (i, j, k, 1) to RAS millimetres, 4×4: the sform where there is one, else the qform, else voxel sizes alone
     * (NIfTI-1 standard, methods 3, 2 and 1).
     */
    public double[][] affine() {
        double[][] affine;
        if (sform.code() > 0) {
            affine = sform.affine();
        } else if (qform.code() > 0) {
            affine = qform.affine(Math.abs(pixdims.get(0)), Math.abs(pixdims.get(1)), Math.abs(pixdims.get(2)));
        } else {
            affine = new double[4][4];
            for (int i = 0; i < 3; i++) {
                affine[i][i] = Math.abs(pixdims.get(i));
            }
            affine[3][3] = 1;
        }
        double mm = spatialUnitMm();
        for (int row = 0; row < 3; row++) {
            for (int col = 0; col < 4; col++) {
                affine[row][col] *= mm;
            }
        }
        return affine;
    }
}
