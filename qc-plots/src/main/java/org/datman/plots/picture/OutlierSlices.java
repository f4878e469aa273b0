package org.datman.plots.picture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.datman.analysis.image.AxisMap;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Volume;
import org.datman.analysis.stats.Statistics;

/** The worst slices of a series in threes: each between the two that it should resemble. */
public final class OutlierSlices {

    private static final int MOST = 8;
    private static final int HEADER = 26;
    private static final int CAPTION = 12;
    private static final int GAP = 14;
    private static final int WHITE = 0xffffff;
    private static final int MARK = 0xe69f00;

    /** One slice to draw. */
    private record Tile(int slice, int volume) {}

    private OutlierSlices() {}

    /** Each {slice, volume} between the slices below and above it in the same volume. */
    public static Picture acrossSlices(
            PicturedSeries scan, int[][] worst, String fileName, String title, String whatToLookFor) {
        int n = scan.grid().dim(scan.sliceAxis());
        return draw(scan, worst, fileName, title, whatToLookFor, place -> {
            int middle = Math.max(1, Math.min(n - 2, place[0]));
            return new Tile[] {
                new Tile(Math.max(0, middle - 1), place[1]),
                new Tile(Math.min(n - 1, middle), place[1]),
                new Tile(Math.min(n - 1, middle + 1), place[1])
            };
        });
    }

    /** Each {slice, volume} between the same slice in the volumes before and after it. */
    public static Picture overTime(
            PicturedSeries scan, int[][] worst, String fileName, String title, String whatToLookFor) {
        int n = scan.volumes();
        return draw(scan, worst, fileName, title, whatToLookFor, place -> {
            int middle = Math.max(1, Math.min(n - 2, place[1]));
            return new Tile[] {
                new Tile(place[0], Math.max(0, middle - 1)),
                new Tile(place[0], Math.min(n - 1, middle)),
                new Tile(place[0], Math.min(n - 1, middle + 1))
            };
        });
    }

    private interface Triple {
        Tile[] of(int[] place);
    }

    private static Picture draw(
            PicturedSeries scan, int[][] worst, String fileName, String title, String whatToLookFor, Triple triple) {
        List<int[]> places = new ArrayList<>();
        for (int[] place : worst) {
            if (places.size() < MOST && places.stream().noneMatch(p -> Arrays.equals(p, place))) {
                places.add(place);
            }
        }
        Grid grid = scan.grid();
        int axis = scan.sliceAxis();
        AxisMap axes = grid.axes();
        int patient = axes.patientAxis()[axis];
        Grid ras = new Volume(grid, new float[grid.size()]).toRas().grid();
        int u = patient == 0 ? 1 : 0;
        int v = patient == 2 ? 1 : 2;
        double fine = Math.min(ras.spacing(u), ras.spacing(v));
        int across = Math.max(Mosaic.across(ras, u, fine), Mosaic.across(ras, v, fine));
        int zoom = Math.max(1, Math.min(3, 180 / across));
        double pixel = Math.max(fine, across * fine / 220) / zoom;
        int w = Mosaic.across(ras, u, pixel);
        int h = Mosaic.across(ras, v, pixel);
        int columns = Math.min(places.size(), Math.max(1, 1400 / (3 * w + GAP)));
        int rows = (places.size() + columns - 1) / columns;
        int width = Math.max(columns * (3 * w + GAP), TinyFont.WIDTH * 100);
        Raster raster = new Raster(width, HEADER + rows * (h + CAPTION + 6), 0);
        TinyFont.draw(raster, 3, 3, Stamp.shortened(title, width / TinyFont.WIDTH - 2), WHITE);
        String legend = "S SLICE, V VOLUME, FRAMED WHAT WAS FOUND  ";
        int room = (width - TinyFont.width(legend + Stamp.VERSION) - 8) / TinyFont.WIDTH;
        TinyFont.draw(raster, 3, 14, legend + Stamp.shortened(scan.name(), room), WHITE);
        TinyFont.draw(raster, width - TinyFont.width(Stamp.VERSION) - 2, 14, Stamp.VERSION, 0xa0a0a0);
        for (int n = 0; n < places.size(); n++) {
            Tile[] tiles = triple.of(places.get(n));
            int x = n % columns * (3 * w + GAP);
            int y = HEADER + n / columns * (h + CAPTION + 6);
            Volume[] volumes = new Volume[3];
            for (int c = 0; c < 3; c++) {
                Volume volume = c > 0 && tiles[c].volume == tiles[c - 1].volume
                        ? null
                        : scan.series().volume(tiles[c].volume);
                volumes[c] = volume == null ? volumes[c - 1] : volume.toRas();
            }
            double high = window(volumes[1]);
            Scale scale = Scale.grey(0, high, "");
            for (int c = 0; c < 3; c++) {
                int slice = axes.sign()[axis] > 0 ? tiles[c].slice : grid.dim(axis) - 1 - tiles[c].slice;
                Mosaic.tile(volumes[c], patient, slice, scale, raster, x + c * w, y + CAPTION, w, h, pixel);
                boolean own = tiles[c].slice == places.get(n)[0] && tiles[c].volume == places.get(n)[1];
                if (own) {
                    raster.frame(x + c * w, y + CAPTION, w, h, MARK);
                }
                TinyFont.draw(
                        raster,
                        x + c * w + 2,
                        y + 2,
                        "S" + tiles[c].slice + " V" + tiles[c].volume,
                        own ? MARK : WHITE);
            }
            Mosaic.letters(grid, raster, patient, x, y + CAPTION, w, h);
        }
        return new Picture(fileName, title, whatToLookFor, raster.png());
    }

    private static double window(Volume volume) {
        int step = Math.max(1, volume.data().length / 20_000);
        float[] sample = new float[(volume.data().length + step - 1) / step];
        for (int n = 0; n < sample.length; n++) {
            sample[n] = volume.data()[n * step];
        }
        return Scale.round(Statistics.quantile(sample, 0.995));
    }
}
