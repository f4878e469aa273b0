package org.datman.plots.picture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.datman.analysis.image.AxisMap;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Volume;
import org.datman.analysis.stats.Statistics;

/**
 * Slices side by side, nearest neighbour, true to millimetres, patient right on the right of axial and coronal pictures (letters at
 * the edges mark them), each with its slice number in the file and its place in mm; window, scale bar and version on top.
 */
public final class Mosaic {

    private static final int HEADER = 26;
    private static final int GAP = 2;
    private static final int BLACK = 0x000000;
    private static final int WHITE = 0xffffff;
    private static final int MAX_PIXELS_WIDE = 1400;
    private static final int BAR_MM = 50;
    private static final int FEW = 12;
    private static final String[] NEGATIVE = {"L", "P", "I"};
    private static final String[] POSITIVE = {"R", "A", "S"};

    /** Slices of one orientation: patient axis across them and their RAS indices. */
    private record Band(int patient, int[] slices) {}

    private record Layer(Volume volume, Scale scale) {}

    private Mosaic() {}

    /** The mosaics of every series: structure and background, both of one volume in file orientation. */
    public static List<Picture> all(PicturedSeries scan, Volume volume) {
        return List.of(structure(scan, volume), background(scan, volume), backgroundLog(scan, volume));
    }

    /** <a href="{@docRoot}/../docs/qc-specification.md#V2">V2</a>: all slices of a thick-slice series, three orientations of a volume with nearly cubic voxels. */
    public static Picture structure(PicturedSeries scan, Volume volume) {
        float[] positive = positive(volume.data());
        double high = Scale.round(positive.length == 0 ? 1 : Statistics.quantile(positive, 0.995));
        return of(
                scan,
                volume,
                Scale.grey(0, high, "WINDOW"),
                Integer.MAX_VALUE,
                "mosaic.png",
                "Slices",
                "Look for blur, ringing, missing or dark slices, a cut-off head and wrong orientation.");
    }

    /** <a href="{@docRoot}/../docs/qc-specification.md#V1">V1</a>: the same slices with a window that shows the background (up to P61 of the non-zero values), inverted. */
    public static Picture background(PicturedSeries scan, Volume volume) {
        float[] positive = positive(volume.data());
        double high = Scale.round(positive.length == 0 ? 1 : Statistics.quantile(positive, 0.61));
        return of(
                scan,
                volume,
                Scale.inverted(0, high, "BACKGROUND WINDOW"),
                Integer.MAX_VALUE,
                "background.png",
                "Background",
                "The air should be an even grey: look for ghosts, stripes, lines of RF noise and wrapped anatomy.");
    }

    /** <a href="{@docRoot}/../docs/qc-specification.md#V1">V1</a>, second view: air and object in one logarithmic window; some slices are enough for it. */
    public static Picture backgroundLog(PicturedSeries scan, Volume volume) {
        float[] positive = positive(volume.data());
        double high = Scale.round(positive.length == 0 ? 1 : Statistics.quantile(positive, 0.995));
        return of(
                scan,
                volume,
                Scale.invertedLog(high),
                FEW,
                "background-log.png",
                "Background, logarithmic",
                "Each step of grey is a factor: look for faint copies of the head, smears along one direction and patches of other noise.");
    }

    /**
     * Any map of the grid.
     *
     * @param volume in file orientation; NaN where it is not known
     * @param most slices shown at most, evenly chosen
     */
    public static Picture of(
            PicturedSeries scan,
            Volume volume,
            Scale scale,
            int most,
            String fileName,
            String title,
            String whatToLookFor) {
        return draw(scan, List.of(new Layer(volume, scale)), most, fileName, title, whatToLookFor);
    }

    /** A map in colour over an image: where the map is not known (NaN) the image is seen. */
    public static Picture over(
            PicturedSeries scan,
            Volume image,
            Scale grey,
            Volume map,
            Scale colours,
            String fileName,
            String title,
            String whatToLookFor) {
        return draw(
                scan,
                List.of(new Layer(image, grey), new Layer(map, colours)),
                Integer.MAX_VALUE,
                fileName,
                title,
                whatToLookFor);
    }

    private static Picture draw(
            PicturedSeries scan, List<Layer> layers, int most, String fileName, String title, String whatToLookFor) {
        Volume volume = layers.get(0).volume();
        Scale scale = layers.get(layers.size() - 1).scale();
        Volume ras = volume.toRas();
        List<Layer> drawn = new ArrayList<>();
        drawn.add(new Layer(ras, layers.get(0).scale()));
        for (Layer layer : layers.subList(1, layers.size())) {
            drawn.add(new Layer(layer.volume().toRas(), layer.scale()));
        }
        Grid g = ras.grid();
        AxisMap axes = volume.grid().axes();
        List<Band> bands = bands(ras, axes.patientAxis()[scan.sliceAxis()], most);
        double fine = Math.max(1.0, Math.min(g.dx(), Math.min(g.dy(), g.dz())));
        int widest = 1;
        for (Band band : bands) {
            widest = Math.max(widest, Math.max(across(g, u(band), fine), across(g, v(band), fine)));
        }
        int zoom = Math.max(1, Math.min(2, 160 / widest));
        double pixel = fine / zoom;
        int width = TinyFont.width(Stamp.VERSION + scale.text()) + 260;
        int height = HEADER;
        int[] columns = new int[bands.size()];
        for (int b = 0; b < columns.length; b++) {
            Band band = bands.get(b);
            int w = across(g, u(band), pixel) + GAP;
            int best = (int) Math.ceil(Math.sqrt(band.slices.length * 1.6));
            columns[b] = Math.max(
                    1,
                    Math.min(
                            Math.min(band.slices.length, MAX_PIXELS_WIDE / w),
                            bands.size() > 1 ? Integer.MAX_VALUE : best));
            int rows = (band.slices.length + columns[b] - 1) / columns[b];
            // Full rows look better than a long one and a short one.
            columns[b] = (band.slices.length + rows - 1) / rows;
            width = Math.max(width, columns[b] * w);
            height += rows * (across(g, v(band), pixel) + GAP);
        }
        Raster raster = new Raster(width, height, BLACK);
        header(raster, scan.name(), title, scale, pixel);
        int top = HEADER;
        for (int b = 0; b < columns.length; b++) {
            Band band = bands.get(b);
            int w = across(g, u(band), pixel);
            int h = across(g, v(band), pixel);
            for (int n = 0; n < band.slices.length; n++) {
                int x = n % columns[b] * (w + GAP);
                int y = top + n / columns[b] * (h + GAP);
                for (int layer = 0; layer < drawn.size(); layer++) {
                    tile(drawn.get(layer), layer > 0, band.patient, band.slices[n], raster, x, y, w, h, pixel);
                }
                letters(g, raster, band.patient, x, y, w, h);
                int fileAxis = axes.fileAxis(band.patient);
                int inFile = axes.sign()[fileAxis] > 0
                        ? band.slices[n]
                        : volume.grid().dim(fileAxis) - 1 - band.slices[n];
                TinyFont.drawOutlined(
                        raster,
                        x + 2,
                        y + h - TinyFont.HEIGHT - 1,
                        "IJK".charAt(fileAxis) + "" + inFile + " " + millimetres(g, band.patient, band.slices[n]),
                        WHITE,
                        BLACK);
            }
            top += (band.slices.length + columns[b] - 1) / columns[b] * (h + GAP);
        }
        return new Picture(fileName, title, whatToLookFor, raster.png());
    }

    private static int u(Band band) {
        return band.patient == 0 ? 1 : 0;
    }

    private static int v(Band band) {
        return band.patient == 2 ? 1 : 2;
    }

    private static List<Band> bands(Volume ras, int slicePatient, int most) {
        Grid g = ras.grid();
        double fine = Math.min(g.dx(), Math.min(g.dy(), g.dz()));
        if (g.spacing(slicePatient) < 1.6 * fine && g.size() > 500_000) {
            List<Band> three = new ArrayList<>();
            for (int patient = 2; patient >= 0; patient--) {
                three.add(new Band(patient, within(occupied(ras, patient), Math.min(8, most / 3))));
            }
            return three;
        }
        int n = g.dim(slicePatient);
        return List.of(new Band(
                slicePatient, n <= most ? IntStream.range(0, n).toArray() : within(new int[] {0, n - 1}, most)));
    }

    /** First and last slice that contain more than air: slices of air alone show little in three orientations. */
    private static int[] occupied(Volume ras, int axis) {
        Grid g = ras.grid();
        float[] positive = positive(ras.data());
        double limit = positive.length == 0 ? 0 : 0.2 * Statistics.quantile(positive, 0.98);
        int[] above = new int[g.dim(axis)];
        int step = 7;
        for (int v = 0; v < ras.data().length; v += step) {
            above[v / g.stride(axis) % g.dim(axis)] += ras.data()[v] > limit ? 1 : 0;
        }
        int enough = Math.max(1, Arrays.stream(above).max().orElse(0) / 20);
        int[] in =
                IntStream.range(0, above.length).filter(s -> above[s] >= enough).toArray();
        return in.length == 0 ? new int[] {0, above.length - 1} : new int[] {in[0], in[in.length - 1]};
    }

    private static int[] within(int[] range, int most) {
        int n = range[1] - range[0] + 1;
        int shown = Math.min(n, most);
        return IntStream.range(0, shown)
                .map(s -> range[0] + (int) ((2L * s + 1) * n / (2L * shown)))
                .toArray();
    }

    private static float[] positive(float[] data) {
        // Every n-th voxel is enough for a window, and quick on large volumes.
        int step = Math.max(1, data.length / 100_000);
        float[] out = new float[(data.length + step - 1) / step];
        int n = 0;
        for (int v = 0; v < data.length; v += step) {
            if (data[v] > 0) {
                out[n++] = data[v];
            }
        }
        return Arrays.copyOf(out, n);
    }

    /** Title on the first line; window, scale of colours, scale bar and version on the second. */
    static void header(Raster raster, String series, String title, Scale scale, double pixel) {
        int most = raster.width / TinyFont.WIDTH - title.length() - 4;
        TinyFont.draw(raster, 3, 3, title + "  " + Stamp.shortened(series, most), WHITE);
        TinyFont.draw(raster, 3, 14, scale.text(), WHITE);
        int x = 3 + TinyFont.width(scale.text()) + 8;
        scale.bar(raster, x, 14, 80, 7);
        x += 92;
        if (pixel > 0) {
            int bar = (int) Math.round(BAR_MM / pixel);
            raster.fill(x, 16, bar, 2, WHITE);
            raster.fill(x, 14, 1, 6, WHITE);
            raster.fill(x + bar - 1, 14, 1, 6, WHITE);
            TinyFont.draw(raster, x + bar + 5, 14, BAR_MM + " MM", WHITE);
        }
        TinyFont.draw(raster, raster.width - TinyFont.width(Stamp.VERSION) - 2, 14, Stamp.VERSION, 0xa0a0a0);
    }

    static int across(Grid g, int axis, double pixel) {
        return Math.max(1, (int) Math.round(g.dim(axis) * g.spacing(axis) / pixel));
    }

    static String millimetres(Grid ras, int axis, int slice) {
        double[] affine = ras.affine();
        double mm = affine[4 * axis + 3] + affine[4 * axis + axis] * slice;
        return String.format(Locale.ROOT, "%s%.0fMM", mm < 0 ? NEGATIVE[axis] : POSITIVE[axis], Math.abs(mm));
    }

    /** One slice of a volume that runs along patient R, A, S; anterior or superior on top. */
    static void tile(
            Volume ras, int patient, int slice, Scale scale, Raster raster, int x, int y, int w, int h, double pixel) {
        tile(new Layer(ras, scale), false, patient, slice, raster, x, y, w, h, pixel);
    }

    private static void tile(
            Layer layer,
            boolean over,
            int patient,
            int slice,
            Raster raster,
            int x,
            int y,
            int w,
            int h,
            double pixel) {
        float[] data = layer.volume().data();
        Grid g = layer.volume().grid();
        int u = patient == 0 ? 1 : 0;
        int v = patient == 2 ? 1 : 2;
        int base = slice * g.stride(patient);
        int[] column = new int[w];
        for (int a = 0; a < w; a++) {
            column[a] = Math.min(g.dim(u) - 1, (int) (a * pixel / g.spacing(u))) * g.stride(u);
        }
        int[] line = new int[w];
        int before = -1;
        for (int b = 0; b < h; b++) {
            int row = g.dim(v) - 1 - Math.min(g.dim(v) - 1, (int) (b * pixel / g.spacing(v)));
            int from = base + row * g.stride(v);
            // A voxel has several pixels, and its colour is looked up once.
            if (from != before) {
                colours(data, from, column, layer.scale(), over, line);
                before = from;
            }
            raster.row(x, y + b, line);
        }
    }

    private static void colours(float[] data, int from, int[] column, Scale scale, boolean over, int[] line) {
        for (int a = 0; a < line.length; a++) {
            if (a > 0 && column[a] == column[a - 1]) {
                line[a] = line[a - 1];
            } else {
                float value = data[from + column[a]];
                line[a] = over && Float.isNaN(value) ? Raster.CLEAR : scale.colour(value);
            }
        }
    }

    /** Positions of left and right, up and down in the patient; none where unknown. */
    static void letters(Grid grid, Raster raster, int patient, int x, int y, int w, int h) {
        if (!grid.oriented()) {
            return;
        }
        int u = patient == 0 ? 1 : 0;
        int v = patient == 2 ? 1 : 2;
        int mid = y + h / 2 - 4;
        TinyFont.drawOutlined(raster, x + 2, mid, NEGATIVE[u], WHITE, BLACK);
        TinyFont.drawOutlined(raster, x + w - TinyFont.WIDTH, mid, POSITIVE[u], WHITE, BLACK);
        TinyFont.drawOutlined(raster, x + w / 2 - 3, y + 2, POSITIVE[v], WHITE, BLACK);
    }
}
