package org.datman.metrics.dwi;

import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Morphology;
import org.datman.analysis.mask.Threshold;

/**
 * Brain of a diffusion series from its mean unweighted volume: 0.6 of Otsu's threshold, opened, largest piece, holes filled
 * slice by slice.
 *
 * @param mask the voxels
 * @param quality share of the mask that is brighter than air; below {@link #LOW_QUALITY} the mask holds so much air that slice
 *     tests cannot be trusted
 */
record BrainMask(Mask mask, double quality) {

    static final double LOW_QUALITY = 0.8;

    /** Finds the brain in {@code image}; slices run along file axis {@code sliceAxis}. */
    static BrainMask of(Grid grid, float[] image, int sliceAxis) {
        double otsu = Threshold.otsu(image);
        Mask above = Mask.above(grid, image, 0.6 * otsu, "dwi_brain");
        Mask opened = Morphology.open(above, Morphology.Neighbours.FACES_6, 1);
        // A stack of one or two slices does not survive an opening in three dimensions.
        Mask piece = Morphology.largest(opened.count() > 0 ? opened : above, Morphology.Neighbours.FACES_6);
        return judged(Morphology.fillHolesPerSlice(piece, sliceAxis).named("dwi_brain"), image, otsu);
    }

    /** A given mask, with the same quality measure. */
    static BrainMask given(Mask mask, float[] image) {
        return judged(mask, image, Threshold.otsu(image));
    }

    private static BrainMask judged(Mask mask, float[] image, double otsu) {
        int n = 0;
        int bright = 0;
        for (int i = 0; i < image.length; i++) {
            if (mask.in()[i]) {
                n++;
                bright += image[i] > 0.3 * otsu ? 1 : 0;
            }
        }
        return new BrainMask(mask, n == 0 ? 0 : (double) bright / n);
    }

    boolean lowQuality() {
        return quality < LOW_QUALITY;
    }

    int voxels() {
        return mask.count();
    }
}
