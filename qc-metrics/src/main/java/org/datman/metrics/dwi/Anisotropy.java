package org.datman.metrics.dwi;

import java.util.Arrays;
import org.datman.analysis.image.Series;
import org.datman.analysis.mask.Mask;
import org.jspecify.annotations.Nullable;

/** Fractional anisotropy of a region, for phantoms: where nothing is anisotropic, it is noise and distortion. */
public final class Anisotropy {

    private Anisotropy() {}

    /** FA per voxel of the mask, by slice; NaN where a fit failed; null where the table does not allow a tensor. */
    public static float @Nullable [] of(Series series, Mask mask, int sliceAxis, GradientTable table) {
        Shells shells = Shells.of(table.bvals());
        int[] volumes = TensorFit.volumes(shells);
        int[] weighted = Arrays.stream(volumes).filter(v -> shells.b()[v] > 0).toArray();
        if (weighted.length == volumes.length || !finite(table, weighted)) {
            return null;
        }
        if (TensorFit.conditionNumber(table.bvecs(), weighted) > 1e3) {
            return null;
        }
        return TensorFit.of(MaskedData.of(series, mask.in(), sliceAxis), table, shells, volumes)
                .fa();
    }

    private static boolean finite(GradientTable table, int[] weighted) {
        return Arrays.stream(weighted)
                .allMatch(v -> Double.isFinite(table.bvals()[v])
                        && Double.isFinite(Arrays.stream(table.bvecs()[v]).sum()));
    }
}
