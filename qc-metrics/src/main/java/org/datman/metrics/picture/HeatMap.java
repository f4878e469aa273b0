package org.datman.metrics.picture;

import java.util.Locale;

/** A slice x volume map with a diverging, colour-blind-safe scale: blue below, white at zero, orange above, grey unknown. */
public final class HeatMap {

    private static final int LEFT = 34;
    private static final int TOP = 14;
    private static final int BOTTOM = 14;
    private static final int INK = 0x202020;
    private static final int PAPER = 0xffffff;
    private static final int UNKNOWN = 0xc8c8c8;

    private HeatMap() {}

    /**
     * Draws the map, slice 0 at the bottom, volume 0 at the left.
     *
     * @param values [slice][volume]
     * @param limit value at which the colours saturate
     * @param marks {slice, volume} pairs that get a frame
     */
    public static Picture of(
            String fileName,
            String title,
            String whatToLookFor,
            double[][] values,
            double limit,
            String unit,
            int[][] marks) {
        int slices = values.length;
        int volumes = slices == 0 ? 0 : values[0].length;
        int cw = Math.max(2, Math.min(8, 1000 / Math.max(1, volumes)));
        int ch = Math.max(4, Math.min(10, 400 / Math.max(1, slices)));
        int width = Math.max(LEFT + volumes * cw + 4, TinyFont.WIDTH * (title.length() + 24));
        Raster raster = new Raster(width, TOP + slices * ch + BOTTOM, PAPER);
        TinyFont.draw(raster, 2, 3, String.format(Locale.ROOT, "%s  SCALE +-%.3g %s", title, limit, unit), INK);
        for (int s = 0; s < slices; s++) {
            int y = TOP + (slices - 1 - s) * ch;
            for (int t = 0; t < volumes; t++) {
                raster.fill(LEFT + t * cw, y, cw, ch, colour(values[s][t], limit));
            }
            if (s % 5 == 0) {
                TinyFont.draw(raster, 2, y, "Z" + s, INK);
            }
        }
        for (int[] mark : marks) {
            frame(raster, LEFT + mark[1] * cw, TOP + (slices - 1 - mark[0]) * ch, cw, ch);
        }
        int every = volumes > 100 ? 20 : 10;
        for (int t = 0; t < volumes; t += every) {
            TinyFont.draw(raster, LEFT + t * cw, TOP + slices * ch + 3, String.valueOf(t), INK);
        }
        return new Picture(fileName, title, whatToLookFor, raster.png());
    }

    private static void frame(Raster raster, int x, int y, int w, int h) {
        raster.fill(x - 1, y - 1, w + 2, 1, 0);
        raster.fill(x - 1, y + h, w + 2, 1, 0);
        raster.fill(x - 1, y, 1, h, 0);
        raster.fill(x + w, y, 1, h, 0);
    }

    private static int colour(double value, double limit) {
        if (Double.isNaN(value)) {
            return UNKNOWN;
        }
        double share = Math.min(1, Math.abs(value) / limit);
        return value < 0 ? mix(0x0b4f9e, share) : mix(0xc35a00, share);
    }

    private static int mix(int full, double share) {
        int out = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int channel = full >> shift & 0xff;
            out |= (int) Math.round(255 + share * (channel - 255)) << shift;
        }
        return out;
    }
}
