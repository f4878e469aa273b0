package org.datman.plots.picture;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.datman.analysis.image.AxisMap;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Volume;

/** <a href="{@docRoot}/../docs/qc-specification.md#V18">V18</a>: a row of slices without letters or labels, and two such rows that alternate. */
public final class ThumbnailStrip {

    private static final int OUTSIDE = -1;
    private static final int LEFT = 8;
    private static final int LABEL = 22;
    private static final int TOP = 30;
    private static final int SECONDS = 2;
    private static final int WIDEST = 960;

    private ThumbnailStrip() {}

    /**
     * Slices side by side, nearest neighbour, black outside the image.
     *
     * @param image in file order
     * @param patient axis across the slices: 0, 1 or 2 for R, A, S
     * @param slices counted from left, posterior or inferior
     * @param fromU left edge in mm from the first voxel's edge
     * @param fromV lower edge in mm from the first voxel's edge
     * @param widthMm of one slice
     * @param heightMm of one slice
     */
    public static byte[] png(
            Volume image,
            int patient,
            int[] slices,
            double fromU,
            double fromV,
            double widthMm,
            double heightMm,
            double pixelMm,
            Scale scale) {
        Grid g = image.grid();
        AxisMap axes = g.axes();
        int across = axes.fileAxis(patient);
        int u = axes.fileAxis(patient == 0 ? 1 : 0);
        int v = axes.fileAxis(patient == 2 ? 1 : 2);
        int w = Math.max(1, (int) Math.round(widthMm / pixelMm));
        int h = Math.max(1, (int) Math.round(heightMm / pixelMm));
        Raster raster = new Raster(w * slices.length, h, 0);
        int[] columns = new int[w];
        for (int a = 0; a < w; a++) {
            int x = (int) Math.floor((fromU + (a + 0.5) * pixelMm) / g.spacing(u));
            columns[a] = x >= 0 && x < g.dim(u) ? place(g, axes, u, x) : OUTSIDE;
        }
        int[] line = new int[w];
        for (int n = 0; n < slices.length; n++) {
            for (int b = 0; b < h; b++) {
                int y = (int) Math.floor((fromV + (h - b - 0.5) * pixelMm) / g.spacing(v));
                if (y >= 0 && y < g.dim(v)) {
                    int row = place(g, axes, across, slices[n]) + place(g, axes, v, y);
                    for (int a = 0; a < w; a++) {
                        line[a] = columns[a] == OUTSIDE ? Raster.CLEAR : scale.colour(image.data()[row + columns[a]]);
                    }
                    raster.row(n * w, b, line);
                }
            }
        }
        return raster.png();
    }

    /** Step of the linear index for an index from left, posterior or inferior. */
    private static int place(Grid g, AxisMap axes, int axis, int index) {
        return g.stride(axis) * (axes.sign()[axis] > 0 ? index : g.dim(axis) - 1 - index);
    }

    /**
     * Both rows under each other, and below them one row that alternates between them, without a script.
     *
     * @param before PNG of the earlier session
     * @param now PNG of this one, as large
     * @param width of both in pixels
     * @param height of both in pixels
     * @param window as text
     */
    public static Picture blink(
            String series, String earlier, byte[] before, byte[] now, int width, int height, String window) {
        // Whole pixels when larger, so that none is wider than its neighbour.
        double zoom = width > WIDEST ? (double) WIDEST / width : WIDEST / width;
        double w = width * zoom;
        double h = height * zoom;
        int page = (int) Math.ceil(w) + 2 * LEFT;
        int bottom = (int) Math.ceil(TOP + 3 * (h + LABEL)) + 14;
        // An upper-case letter of 11 pixels is up to 9 wide.
        int labelled = Math.max(8, (page - 2 * LEFT - 70) / 8);
        String title = series + " beside " + earlier;
        StringBuilder s = new StringBuilder(
                Svg.open(title, "Slices of both sessions, flicker comparison. " + window, page, bottom));
        s.append(Svg.text(LEFT, 18, "start", Svg.INK, 11, window));
        s.append("<defs>\n");
        image(s, "before", before, w, h);
        image(s, "now", now, w, h);
        s.append("</defs>\n");
        row(s, 0, h, "before: " + Stamp.shortened(earlier, labelled), "before", "");
        row(s, 1, h, "now: " + Stamp.shortened(series, labelled), "now", "");
        row(s, 2, h, "flicker: before", "before", "");
        row(s, 2, h, "flicker: now", "now", animation());
        s.append("</svg>\n");
        return new Picture(
                "blink.svg",
                "Flicker comparison with an earlier session",
                "Only shape and position of the head should differ: look for parts that darken, shadows, new lines and other contrast.",
                s.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void image(StringBuilder s, String id, byte[] png, double w, double h) {
        s.append(String.format(
                Locale.ROOT,
                "<image id=\"%s\" width=\"%.1f\" height=\"%.1f\" image-rendering=\"pixelated\""
                        + " href=\"data:image/png;base64,%s\"/>\n",
                id,
                w,
                h,
                Base64.getEncoder().encodeToString(png)));
    }

    private static void row(StringBuilder s, int row, double h, String label, String image, String animation) {
        double y = TOP + row * (h + LABEL);
        s.append("<g>").append(animation).append('\n');
        // A background below the text, so that the alternate text does not shine through.
        s.append(String.format(
                Locale.ROOT, "<rect x=\"0\" y=\"%.1f\" width=\"300\" height=\"%d\" fill=\"white\"/>\n", y, LABEL - 4));
        s.append(Svg.text(LEFT, y + 13, "start", Svg.INK, 11, label));
        s.append(String.format(Locale.ROOT, "<use href=\"#%s\" x=\"%d\" y=\"%.1f\"/>\n</g>\n", image, LEFT, y + 18));
    }

    private static String animation() {
        return "<animate attributeName=\"opacity\" values=\"0;1\" keyTimes=\"0;0.5\" calcMode=\"discrete\" dur=\""
                + SECONDS + "s\" repeatCount=\"indefinite\"/>";
    }
}
