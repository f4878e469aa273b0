package org.datman.plots.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The measured image: identity and geometry as in the file.
 *
 * @param file file name without folders
 * @param sha256 digest of the file's bytes, lower-case hex
 * @param dims voxels along i, j, k
 * @param spacingMm voxel size along i, j, k in mm
 * @param volumes number of volumes
 * @param trSeconds repetition time, or null when neither sidecar nor header has it
 * @param trSource source of the repetition time, or why there is none; null in reports from before this field existed
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
        @Nullable Double trSeconds,
        @Nullable String trSource,
        String axes,
        String sliceAxis,
        @Nullable String phaseAxis) {

    /** Axes of an image whose header does not state its orientation. */
    public static final String UNKNOWN = "unknown";

    public InputFacts {
        dims = List.copyOf(dims);
        spacingMm = List.copyOf(spacingMm);
    }
}
