package org.datman.metrics.likeness;

import org.datman.metrics.image.Grid;
import org.datman.metrics.image.Volume;
import org.datman.metrics.mask.Mask;
import org.datman.metrics.picture.Scale;
import org.datman.metrics.picture.Strip;
import org.datman.metrics.stats.Robust;

/**
 * How some slices of an object are drawn so that sessions can be laid over each other: at the same shares of the object's height, its
 * box in the middle, in millimetres.
 *
 * @param widthMm of one slice
 * @param heightMm of one slice
 * @param pixelMm size of a pixel
 * @param top intensity that is white
 */
public record SliceStrip(int widthMm, int heightMm, double pixelMm, double top) {

    /** Slices side by side. */
    public static final int SLICES = 6;

    private static final int ROUND_MM = 20;
    private static final double ROOM = 1.15;
    private static final int MOST_PIXELS = 150;

    public SliceStrip {
        // Read from files as well.
        if (widthMm < 1 || heightMm < 1 || !(pixelMm > 0) || widthMm / pixelMm > 1000 || heightMm / pixelMm > 1000) {
            throw new IllegalArgumentException(
                    "slices of " + widthMm + " x " + heightMm + " mm in pixels of " + pixelMm + " mm");
        }
    }

    /** Box of an object along R, A, S in voxels of the RAS image. */
    record Box(int[] first, int[] last) {

        static Box of(Mask object) {
            Grid g = object.grid();
            float[] inside = new float[g.size()];
            for (int v : object.indices()) {
                inside[v] = 1;
            }
            Volume ras = new Volume(g, inside).toRas();
            Grid r = ras.grid();
            int[] first = {r.nx(), r.ny(), r.nz()};
            int[] last = {-1, -1, -1};
            for (int v = 0; v < inside.length; v++) {
                if (ras.data()[v] > 0) {
                    for (int axis = 0; axis < 3; axis++) {
                        int i = v / r.stride(axis) % r.dim(axis);
                        first[axis] = Math.min(first[axis], i);
                        last[axis] = Math.max(last[axis], i);
                    }
                }
            }
            return new Box(first, last);
        }
    }

    /** What suits an image by itself. */
    static SliceStrip suiting(Volume image, Mask object, int patient, Box box) {
        Grid ras = image.toRas().grid();
        int u = patient == 0 ? 1 : 0;
        int v = patient == 2 ? 1 : 2;
        int width = size(ras, box, u);
        int height = size(ras, box, v);
        double pixel = Math.max(
                Math.max(1, Math.min(ras.spacing(u), ras.spacing(v))),
                Scale.round(Math.max(width, height) / (double) MOST_PIXELS));
        return new SliceStrip(width, height, pixel, Scale.round(Robust.quantile(object.values(image.data()), 0.99)));
    }

    private static int size(Grid ras, Box box, int axis) {
        double mm = ROOM * (box.last[axis] - box.first[axis] + 1) * ras.spacing(axis);
        return Math.max(ROUND_MM, (int) Math.ceil(mm / ROUND_MM) * ROUND_MM);
    }

    /** The slices as PNG. */
    byte[] draw(Volume image, int patient, Box box) {
        Volume ras = image.toRas();
        Grid g = ras.grid();
        int u = patient == 0 ? 1 : 0;
        int v = patient == 2 ? 1 : 2;
        int[] slices = new int[SLICES];
        for (int n = 0; n < SLICES; n++) {
            double share = (n + 1.0) / (SLICES + 1);
            slices[n] = (int) Math.round(box.first[patient] + share * (box.last[patient] - box.first[patient]));
        }
        double fromU = ((box.first[u] + box.last[u] + 1) * g.spacing(u) - widthMm) / 2;
        double fromV = ((box.first[v] + box.last[v] + 1) * g.spacing(v) - heightMm) / 2;
        return Strip.png(ras, patient, slices, fromU, fromV, widthMm, heightMm, pixelMm, Scale.grey(0, top, ""));
    }
}
