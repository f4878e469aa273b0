package org.datman.plots.picture;

import java.util.List;
import org.datman.analysis.image.AxisMap;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Volume;

/** Several maps of one grid under each other, the same slices of each, every row with its window and scale of colours above it. */
public final class MapSheet {

    private static final int HEADER = 14;
    private static final int GAP = 4;
    private static final int BLACK = 0x000000;
    private static final int WHITE = 0xffffff;

    /**
     * One map.
     *
     * @param data in file order
     * @param scale whose text names map and unit
     */
    public record Map(float[] data, Scale scale) {}

    private MapSheet() {}

    /**
     * Draws the sheet.
     *
     * @param series whose maps they are
     * @param slices indices along the slice axis in file order
     */
    public static Picture of(
            String series,
            String fileName,
            String title,
            String whatToLookFor,
            Grid grid,
            int sliceAxis,
            int[] slices,
            List<Map> maps) {
        AxisMap axes = grid.axes();
        int patient = axes.patientAxis()[sliceAxis];
        boolean flipped = axes.sign()[sliceAxis] < 0;
        Grid ras = new Volume(grid, maps.get(0).data()).toRas().grid();
        int u = patient == 0 ? 1 : 0;
        int v = patient == 2 ? 1 : 2;
        double fine = Math.min(ras.spacing(u), ras.spacing(v));
        int zoom = Math.max(1, Math.min(4, 200 / Math.max(Mosaic.across(ras, u, fine), Mosaic.across(ras, v, fine))));
        double pixel = fine / zoom;
        int w = Mosaic.across(ras, u, pixel);
        int h = Mosaic.across(ras, v, pixel);
        int width = Math.max(slices.length * (w + GAP), TinyFont.WIDTH * 80);
        Raster raster = new Raster(width, HEADER + maps.size() * (h + HEADER), BLACK);
        int room = (width - TinyFont.width(Stamp.VERSION) - TinyFont.width(title)) / TinyFont.WIDTH - 4;
        TinyFont.draw(raster, 3, 3, title + "  " + Stamp.shortened(series, room), WHITE);
        TinyFont.draw(raster, width - TinyFont.width(Stamp.VERSION) - 2, 3, Stamp.VERSION, 0xa0a0a0);
        for (int row = 0; row < maps.size(); row++) {
            Map map = maps.get(row);
            int y = HEADER + row * (h + HEADER);
            TinyFont.draw(raster, 3, y + 3, map.scale().text(), WHITE);
            map.scale().bar(raster, 3 + TinyFont.width(map.scale().text()) + 8, y + 3, 80, 7);
            Volume volume = new Volume(grid, map.data()).toRas();
            for (int n = 0; n < slices.length; n++) {
                int slice = flipped ? grid.dim(sliceAxis) - 1 - slices[n] : slices[n];
                int x = n * (w + GAP);
                Mosaic.tile(volume, patient, slice, map.scale(), raster, x, y + HEADER, w, h, pixel);
                Mosaic.letters(grid, raster, patient, x, y + HEADER, w, h);
                TinyFont.drawOutlined(
                        raster,
                        x + 2,
                        y + HEADER + h - TinyFont.HEIGHT - 1,
                        "IJK".charAt(sliceAxis) + "" + slices[n] + " " + Mosaic.millimetres(ras, patient, slice),
                        WHITE,
                        BLACK);
            }
        }
        return new Picture(fileName, title, whatToLookFor, raster.png());
    }
}
