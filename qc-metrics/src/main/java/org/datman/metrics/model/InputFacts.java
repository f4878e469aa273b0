package org.datman.metrics.model;

import java.util.List;

/**
 * What was measured: identity and geometry of the image as it lies in the file.
 *
 * @param file file name without folders
 * @param sha256 digest of the file's bytes, lower-case hex
 * @param dims voxels along i, j, k
 * @param spacingMm voxel size along i, j, k in mm
 * @param volumes number of volumes
 * @param trSeconds repetition time, or null when neither sidecar nor header knows it
 * @param trSource where the repetition time is from, or why there is none; null in reports of before it was told
 * @param axes patient direction each file axis points to, e.g. {@code LAS}; {@link #UNKNOWN} when both transform codes are 0
 * @param sliceAxis file axis of the slices: {@code i}, {@code j} or {@code k}
 * @param phaseAxis file axis and sign of phase encoding, e.g. {@code j-}, or null when unknown
 */
public record InputFacts(
        String file,
        String sha256,
        List<Integer> dims,
        List<Double> spacingMm,
        int volumes,
        Double trSeconds,
        String trSource,
        String axes,
        String sliceAxis,
        String phaseAxis) {

    /** Axes of an image whose header does not say how it lies in the patient. */
    public static final String UNKNOWN = "unknown";

    public InputFacts {
        dims = List.copyOf(dims);
        spacingMm = List.copyOf(spacingMm);
    }
}
