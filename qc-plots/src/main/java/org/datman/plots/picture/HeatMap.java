package org.datman.plots.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A slice x volume map; grey cells are not known. Slice 0 at the bottom, volume 0 at the left; strips of time courses above. */
public final class HeatMap {

    private static final int LEFT = 40;
    private static final int HEADER = 30;
    private static final int BOTTOM = 38;
    private static final int STRIP = 10;
    private static final int INK = 0x202020;
    private static final int PAPER = 0xffffff;

    private final String series;
    private final double[][] values;
    private final Scale scale;
    private final double tr;
    private final List<Strip> strips = new ArrayList<>();
    private int[][] marks = new int[0][];
    private int[] order;
    private int bands = 1;

    private record Strip(String label, double[] perVolume, Scale scale) {}

    /**
     * A map.
     *
     * @param values [slice][volume], NaN where not known
     * @param trSeconds for the time axis, NaN to leave it out
     */
    public HeatMap(String series, double[][] values, Scale scale, double trSeconds) {
        this.series = series;
        this.values = values;
        this.scale = scale;
        this.tr = trSeconds;
        this.order = java.util.stream.IntStream.range(0, values.length == 0 ? 0 : values[0].length)
                .toArray();
    }

    /** {slice, volume} pairs that get a frame. */
    public HeatMap marks(int[][] pairs) {
        marks = pairs.clone();
        return this;
    }

    /** Volumes from left to right, when not in order of time. */
    public HeatMap order(int[] volumes) {
        order = volumes.clone();
        return this;
    }

    /**
     * Slices that are excited together: {@code multiband} of them, evenly spread. Lines part the bands, and marked slices of one
     * excitation are joined by a bracket.
     */
    public HeatMap groups(int multiband) {
        bands = multiband > 1 && values.length % multiband == 0 ? multiband : 1;
        return this;
    }

    /** One value per volume, drawn as a strip of cells above the map. */
    public HeatMap strip(String label, double[] perVolume, Scale colours) {
        strips.add(new Strip(label, perVolume.clone(), colours));
        return this;
    }

    /** Draws. */
    public Picture picture(String fileName, String title, String whatToLookFor) {
        int slices = values.length;
        int volumes = order.length;
        int cw = Math.max(2, Math.min(24, 900 / Math.max(1, volumes)));
        int ch = Math.max(4, Math.min(14, 420 / Math.max(1, slices)));
        int top = HEADER + strips.size() * (STRIP + 2);
        int labels =
                strips.stream().mapToInt(s -> TinyFont.width(s.label) + 8).max().orElse(0);
        int width = Math.max(
                Math.max(LEFT + volumes * cw + 6 + labels, TinyFont.width(scale.text() + Stamp.VERSION) + 120),
                bands > 1 ? LEFT + 210 + 56 * TinyFont.WIDTH : 0);
        Raster raster = new Raster(width, top + slices * ch + BOTTOM, PAPER);
        header(raster, title);
        for (int n = 0; n < strips.size(); n++) {
            Strip strip = strips.get(n);
            int y = HEADER + n * (STRIP + 2);
            for (int at = 0; at < volumes; at++) {
                raster.fill(LEFT + at * cw, y, cw, STRIP, strip.scale.colour(strip.perVolume[order[at]]));
            }
            TinyFont.draw(raster, LEFT + volumes * cw + 5, y + 2, strip.label, INK);
        }
        int[] place = new int[volumes];
        for (int at = 0; at < volumes; at++) {
            place[order[at]] = at;
        }
        for (int s = 0; s < slices; s++) {
            int y = top + (slices - 1 - s) * ch;
            for (int at = 0; at < volumes; at++) {
                raster.fill(LEFT + at * cw, y, cw, ch, scale.colour(values[s][order[at]]));
            }
            if (s % 5 == 0) {
                String label = String.valueOf(s);
                TinyFont.draw(raster, LEFT - 4 - TinyFont.width(label), y + ch / 2 - 3, label, INK);
            }
        }
        raster.frame(LEFT - 1, top - 1, volumes * cw + 2, slices * ch + 2, 0x909090);
        TinyFont.draw(raster, 2, top - 8, "SLICE", INK);
        brackets(raster, place, top, cw, ch);
        for (int[] mark : marks) {
            frame(raster, LEFT + place[mark[1]] * cw, top + (slices - 1 - mark[0]) * ch, cw, ch);
        }
        axis(raster, top + slices * ch + 4, cw);
        return new Picture(fileName, title, whatToLookFor, raster.png());
    }

    private void brackets(Raster raster, int[] place, int top, int cw, int ch) {
        int slices = values.length;
        int gap = slices / bands;
        for (int band = 1; band < bands; band++) {
            int y = top + (slices - band * gap) * ch;
            raster.fill(LEFT - 8, y, order.length * cw + 8, 1, 0x606060);
        }
        if (bands > 1) {
            String text = "LINES PART THE " + bands + " BANDS THAT ARE EXCITED TOGETHER";
            TinyFont.draw(raster, LEFT + 210, top + slices * ch + 26, text, INK);
        }
        for (int[] mark : marks) {
            for (int[] other : marks) {
                boolean together = mark[1] == other[1] && mark[0] < other[0] && (other[0] - mark[0]) % gap == 0;
                if (bands > 1 && together) {
                    int x = LEFT + place[mark[1]] * cw + cw / 2;
                    int y1 = top + (slices - 1 - other[0]) * ch + ch / 2;
                    int y2 = top + (slices - 1 - mark[0]) * ch + ch / 2;
                    raster.fill(x - 1, y1, 3, y2 - y1, PAPER);
                    raster.fill(x, y1, 1, y2 - y1, 0);
                }
            }
        }
    }

    private void header(Raster raster, String title) {
        int most = raster.width / TinyFont.WIDTH - title.length() - 4;
        TinyFont.draw(raster, 3, 3, title + "  " + Stamp.shortened(series, most), INK);
        TinyFont.draw(raster, 3, 14, scale.text(), INK);
        scale.bar(raster, 3 + TinyFont.width(scale.text()) + 8, 14, 80, 7);
        TinyFont.draw(raster, raster.width - TinyFont.width(Stamp.VERSION) - 2, 14, Stamp.VERSION, 0x808080);
    }

    private void axis(Raster raster, int y, int cw) {
        boolean inTime = java.util.stream.IntStream.range(0, order.length).allMatch(n -> order[n] == n);
        int every = 1;
        for (int step : new int[] {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000}) {
            every = step;
            if (step * cw >= 40) {
                break;
            }
        }
        for (int at = 0; at < order.length; at += every) {
            int x = LEFT + at * cw;
            raster.fill(x + cw / 2, y - 3, 1, 3, INK);
            TinyFont.draw(raster, x, y + 1, String.valueOf(order[at]), INK);
            if (inTime && !Double.isNaN(tr)) {
                TinyFont.draw(raster, x, y + 11, String.format(Locale.ROOT, "%.4g", at * tr), INK);
            }
        }
        TinyFont.draw(raster, 2, y + 1, "VOLUME", INK);
        if (inTime && !Double.isNaN(tr)) {
            TinyFont.draw(raster, 2, y + 11, "TIME S", INK);
        }
        if (!inTime) {
            TinyFont.draw(raster, 2, y + 22, "VOLUMES BY SHELL, THEN BY TIME", INK);
        }
    }

    private static void frame(Raster raster, int x, int y, int w, int h) {
        raster.frame(x - 1, y - 1, w + 2, h + 2, 0);
        raster.frame(x, y, w, h, PAPER);
    }
}
