package org.datman.metrics.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.datman.metrics.image.Grid;
import org.datman.metrics.image.Volume;
import org.datman.metrics.input.Scan;
import org.datman.metrics.stats.Robust;

/**
 * Slices side by side, nearest neighbour, true to millimetres, patient right on the right of axial and coronal pictures (letters at
 * the edges say so), each with its index along the patient axis and its place in mm, the window written on top.
 */
public final class Mosaic {

    private static final int HEADER = 12;
    private static final int BLACK = 0x000000;
    private static final int WHITE = 0xffffff;
    private static final int MAX_PIXELS_WIDE = 1400;
    private static final String[] NEGATIVE = {"L", "P", "I"};
    private static final String[] POSITIVE = {"R", "A", "S"};

    /** From an intensity to a grey between 0 and 255. */
    interface Tone {
        int grey(float value);
    }

    private Mosaic() {}

    /** The two mosaics of every series: structure and background, both of one volume in file orientation. */
    public static List<Picture> all(Scan scan, Volume volume) {
        return List.of(structure(scan, volume), background(scan, volume));
    }

    /** V2: all slices of a thick-slice series, three orientations of a volume with nearly cubic voxels. */
    public static Picture structure(Scan scan, Volume volume) {
        float[] positive = positive(volume.data());
        double low = positive.length == 0 ? 0 : Robust.quantile(positive, 0.005);
        double high = positive.length == 0 ? 1 : Robust.quantile(positive, 0.995);
        String stamp = String.format(
                Locale.ROOT,
                "%s  WINDOW %.4g TO %.4g (P0.5-P99.5)",
                scan.request().series(),
                low,
                high);
        byte[] png = render(volume, scan.axes().slice(), v -> ramp(v, low, high), stamp);
        return new Picture(
                "mosaic.png",
                "Slices",
                "Look for blur, ringing, missing or dark slices, a cut-off head and wrong orientation.",
                png);
    }

    /** V1: the same slices with a window that shows the background, inverted. */
    public static Picture background(Scan scan, Volume volume) {
        float[] positive = positive(volume.data());
        double high = positive.length == 0 ? 1 : Robust.quantile(positive, 0.61);
        String stamp = String.format(
                Locale.ROOT,
                "%s  BACKGROUND 0 TO %.4g (P61), INVERTED",
                scan.request().series(),
                high);
        byte[] png = render(volume, scan.axes().slice(), v -> 255 - ramp(v, 0, high), stamp);
        return new Picture(
                "background.png",
                "Background",
                "The air should be an even grey: look for ghosts, stripes, lines of RF noise and wrapped anatomy.",
                png);
    }

    private static float[] positive(float[] data) {
        // Every n-th voxel is enough for a window, and quick on large volumes.
        int step = Math.max(1, data.length / 500_000);
        float[] out = new float[(data.length + step - 1) / step];
        int n = 0;
        for (int v = 0; v < data.length; v += step) {
            if (data[v] > 0) {
                out[n++] = data[v];
            }
        }
        return java.util.Arrays.copyOf(out, n);
    }

    static int ramp(double value, double low, double high) {
        return (int) Math.max(0, Math.min(255, Math.round(255 * (value - low) / Math.max(high - low, 1e-30))));
    }

    private static byte[] render(Volume volume, int sliceAxis, Tone tone, String stamp) {
        Volume ras = volume.toRas();
        Grid g = ras.grid();
        int slicePatient = volume.grid().axes().patientAxis()[sliceAxis];
        double thick = g.spacing(slicePatient);
        double fine = Math.min(g.dx(), Math.min(g.dy(), g.dz()));
        List<int[]> tiles = new ArrayList<>();
        if (thick < 1.6 * fine && g.size() > 500_000) {
            for (int patient = 2; patient >= 0; patient--) {
                int n = g.dim(patient);
                int shown = Math.min(n, 8);
                for (int s = 0; s < shown; s++) {
                    tiles.add(new int[] {patient, (int) ((s + 1) * (long) n / (shown + 1))});
                }
            }
        } else {
            for (int s = 0; s < g.dim(slicePatient); s++) {
                tiles.add(new int[] {slicePatient, s});
            }
        }
        return tiled(ras, tiles, tone, stamp, fine);
    }

    private static byte[] tiled(Volume ras, List<int[]> tiles, Tone tone, String stamp, double fine) {
        Grid g = ras.grid();
        double pixel = Math.max(fine, 1.0);
        int w = 0;
        int h = 0;
        for (int[] tile : tiles) {
            w = Math.max(w, across(g, tile[0] == 0 ? 1 : 0, pixel));
            h = Math.max(h, across(g, tile[0] == 2 ? 1 : 2, pixel));
        }
        int zoom = Math.max(1, Math.min(2, 160 / Math.max(w, h)));
        w *= zoom;
        h *= zoom;
        int best = (int) Math.ceil(Math.sqrt(tiles.size() * 1.6));
        int columns = Math.max(1, Math.min(Math.min(tiles.size(), MAX_PIXELS_WIDE / w), tiles.size() == 24 ? 8 : best));
        int rows = (tiles.size() + columns - 1) / columns;
        int width = Math.max(columns * w, TinyFont.WIDTH * stamp.length() + 4);
        Raster raster = new Raster(width, rows * h + HEADER, BLACK);
        TinyFont.draw(raster, 2, 2, stamp, WHITE);
        for (int n = 0; n < tiles.size(); n++) {
            int x = n % columns * w;
            int y = HEADER + n / columns * h;
            tile(ras, tiles.get(n), tone, raster, x, y, w, h, pixel / zoom);
        }
        return raster.png();
    }

    static int across(Grid g, int axis, double pixel) {
        return Math.max(1, (int) Math.round(g.dim(axis) * g.spacing(axis) / pixel));
    }

    static void tile(Volume ras, int[] tile, Tone tone, Raster raster, int x, int y, int w, int h, double pixel) {
        Grid g = ras.grid();
        int u = tile[0] == 0 ? 1 : 0;
        int v = tile[0] == 2 ? 1 : 2;
        int base = tile[1] * g.stride(tile[0]);
        int tw = Math.min(w, (int) Math.round(g.dim(u) * g.spacing(u) / pixel));
        int th = Math.min(h, (int) Math.round(g.dim(v) * g.spacing(v) / pixel));
        for (int b = 0; b < th; b++) {
            int row = g.dim(v) - 1 - Math.min(g.dim(v) - 1, (int) (b * pixel / g.spacing(v)));
            for (int a = 0; a < tw; a++) {
                int column = Math.min(g.dim(u) - 1, (int) (a * pixel / g.spacing(u)));
                int grey = tone.grey(ras.data()[base + column * g.stride(u) + row * g.stride(v)]);
                raster.set(x + a, y + b, grey * 0x010101);
            }
        }
        int ink = 0xb0b0b0;
        int mid = y + th / 2 - 4;
        TinyFont.draw(raster, x + 1, mid, NEGATIVE[u], ink);
        TinyFont.draw(raster, x + tw - TinyFont.WIDTH, mid, POSITIVE[u], ink);
        TinyFont.draw(raster, x + tw / 2 - 3, y + 1, POSITIVE[v], ink);
        double[] affine = g.affine();
        double mm = affine[4 * tile[0] + 3] + affine[4 * tile[0] + tile[0]] * tile[1];
        TinyFont.draw(
                raster, x + 1, y + th - TinyFont.HEIGHT, String.format(Locale.ROOT, "%d %.0fMM", tile[1], mm), ink);
    }
}
