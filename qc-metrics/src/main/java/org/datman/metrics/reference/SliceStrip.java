package org.datman.metrics.reference;

import org.datman.analysis.image.AxisMap;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Volume;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.stats.Statistics;
import org.datman.plots.picture.Scale;
import org.datman.plots.picture.ThumbnailStrip;

/**
 * Layout of some slices of an object that makes sessions comparable: at the same shares of the object's height, its
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

    /** Box of an object: first and last voxel along patient R, A, S, counted from left, posterior and inferior. */
    record Box(int[] first, int[] last) {

        static Box of(Mask object) {
            AxisMap axes = object.grid().axes();
            int[] first = new int[3];
            int[] last = new int[3];
            for (int patient = 0; patient < 3; patient++) {
                int axis = axes.fileAxis(patient);
                int[] range = object.range(axis);
                int end = object.grid().dim(axis) - 1;
                first[patient] = axes.sign()[axis] > 0 ? range[0] : end - range[1];
                last[patient] = axes.sign()[axis] > 0 ? range[1] : end - range[0];
            }
            return new Box(first, last);
        }
    }

    /** Layout for an image by itself. */
    static SliceStrip suiting(Volume image, Mask object, int patient, Box box) {
        Grid g = image.grid();
        int u = patient == 0 ? 1 : 0;
        int v = patient == 2 ? 1 : 2;
        int width = size(g, box, u);
        int height = size(g, box, v);
        double fine = Math.min(spacing(g, u), spacing(g, v));
        double pixel = Math.max(Math.max(1, fine), Scale.round(Math.max(width, height) / (double) MOST_PIXELS));
        return new SliceStrip(
                width, height, pixel, Scale.round(Statistics.quantile(object.values(image.data()), 0.97)));
    }

    private static double spacing(Grid g, int patient) {
        return g.spacing(g.axes().fileAxis(patient));
    }

    private static int size(Grid g, Box box, int patient) {
        double mm = ROOM * (box.last[patient] - box.first[patient] + 1) * spacing(g, patient);
        return Math.max(ROUND_MM, (int) Math.ceil(mm / ROUND_MM) * ROUND_MM);
    }

    /** The slices as PNG. */
    byte[] draw(Volume image, int patient, Box box) {
        Grid g = image.grid();
        int u = patient == 0 ? 1 : 0;
        int v = patient == 2 ? 1 : 2;
        int[] slices = new int[SLICES];
        for (int n = 0; n < SLICES; n++) {
            double share = (n + 1.0) / (SLICES + 1);
            slices[n] = (int) Math.round(box.first[patient] + share * (box.last[patient] - box.first[patient]));
        }
        double fromU = ((box.first[u] + box.last[u] + 1) * spacing(g, u) - widthMm) / 2;
        double fromV = ((box.first[v] + box.last[v] + 1) * spacing(g, v) - heightMm) / 2;
        return ThumbnailStrip.png(
                image, patient, slices, fromU, fromV, widthMm, heightMm, pixelMm, Scale.grey(0, top, ""));
    }
}
