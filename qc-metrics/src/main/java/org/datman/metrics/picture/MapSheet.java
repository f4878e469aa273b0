package org.datman.metrics.picture;

import java.util.List;
import java.util.Locale;
import org.datman.metrics.image.Grid;
import org.datman.metrics.image.Volume;

/** Several maps of one grid under each other, the same slices of each, every row with its window written above it. */
public final class MapSheet {

    private static final int HEADER = 12;
    private static final int GAP = 4;
    private static final int BLACK = 0x000000;
    private static final int WHITE = 0xffffff;

    /**
     * One map.
     *
     * @param label with unit
     * @param data in file order
     * @param low drawn black
     * @param high drawn white
     */
    public record Map(String label, float[] data, double low, double high) {}

    private MapSheet() {}

    /**
     * Draws the sheet.
     *
     * @param slices indices along the slice axis in file order
     */
    public static Picture of(
            String fileName,
            String title,
            String whatToLookFor,
            Grid grid,
            int sliceAxis,
            int[] slices,
            List<Map> maps) {
        int patient = grid.axes().patientAxis()[sliceAxis];
        boolean flipped = grid.axes().sign()[sliceAxis] < 0;
        Grid ras = new Volume(grid, maps.get(0).data()).toRas().grid();
        int u = patient == 0 ? 1 : 0;
        int v = patient == 2 ? 1 : 2;
        double pixel = Math.min(ras.spacing(u), ras.spacing(v));
        int zoom = Math.max(1, Math.min(4, 200 / Math.max(Mosaic.across(ras, u, pixel), Mosaic.across(ras, v, pixel))));
        int w = Mosaic.across(ras, u, pixel / zoom);
        int h = Mosaic.across(ras, v, pixel / zoom);
        int width = Math.max(slices.length * (w + GAP), TinyFont.WIDTH * 60);
        Raster raster = new Raster(width, maps.size() * (h + HEADER), BLACK);
        for (int row = 0; row < maps.size(); row++) {
            Map map = maps.get(row);
            int y = row * (h + HEADER);
            String stamp = String.format(Locale.ROOT, "%s  WINDOW %.4g TO %.4g", map.label(), map.low(), map.high());
            TinyFont.draw(raster, 2, y + 2, stamp, WHITE);
            Volume volume = new Volume(grid, map.data()).toRas();
            for (int n = 0; n < slices.length; n++) {
                int slice = flipped ? grid.dim(sliceAxis) - 1 - slices[n] : slices[n];
                Mosaic.tile(
                        volume,
                        new int[] {patient, slice},
                        value -> Mosaic.ramp(value, map.low(), map.high()),
                        raster,
                        n * (w + GAP),
                        y + HEADER,
                        w,
                        h,
                        pixel / zoom);
            }
        }
        return new Picture(fileName, title, whatToLookFor, raster.png());
    }
}
