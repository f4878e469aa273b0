package org.datman.metrics.anat;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.Threshold;
import org.datman.metrics.input.SidecarValues;
import org.jspecify.annotations.Nullable;

/**
 * Whether air is dark, as in a magnitude image. In the uniform image of MP2RAGE it is noise over the full range of values, so that the
 * assumptions about air, the head's edge and wrap do not hold. The scanner's image type decides, else the corners of the image, which
 * contain no head.
 */
final class DarkBackground {

    private static final String UNIFORM = "uniform_image";
    private static final String BRIGHT = "background_not_dark";
    /** The possible results of {@link #missing}. */
    static final Set<String> REASONS = Set.of(UNIFORM, BRIGHT);

    private static final int SHARE = 10;
    private static final int FEWEST_BRIGHT_CORNERS = 6;
    private static final double OBJECT = 0.3;

    private DarkBackground() {}

    /** Why there is no dark background, or null where there is one. */
    static @Nullable String missing(SidecarValues sidecar, Grid grid, float[] image) {
        boolean uniform = sidecar.texts("ImageType").stream()
                .anyMatch(word -> word.toUpperCase(Locale.ROOT).equals("UNI"));
        if (uniform) {
            return UNIFORM;
        }
        double level = OBJECT * Threshold.otsu(image);
        int bright = 0;
        for (int corner = 0; corner < 8; corner++) {
            bright += median(grid, image, corner) > level ? 1 : 0;
        }
        return bright >= FEWEST_BRIGHT_CORNERS ? BRIGHT : null;
    }

    private static double median(Grid grid, float[] image, int corner) {
        int[] from = new int[3];
        int[] size = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            size[axis] = Math.max(1, grid.dim(axis) / SHARE);
            from[axis] = (corner >> axis & 1) == 0 ? 0 : grid.dim(axis) - size[axis];
        }
        float[] values = new float[size[0] * size[1] * size[2]];
        int n = 0;
        for (int k = 0; k < size[2]; k++) {
            for (int j = 0; j < size[1]; j++) {
                for (int i = 0; i < size[0]; i++) {
                    values[n++] = image[grid.index(from[0] + i, from[1] + j, from[2] + k)];
                }
            }
        }
        Arrays.sort(values);
        return values[n / 2];
    }
}
