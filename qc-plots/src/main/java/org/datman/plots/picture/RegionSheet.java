package org.datman.plots.picture;

import java.util.ArrayList;
import java.util.List;
import org.datman.analysis.image.AxisMap;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Volume;

/**
 * Slices with the regions that were measured drawn over them: large, nearest neighbour, true to millimetres, turned as
 * {@link Mosaic} turns them (patient right on the right, letters at the edges).
 */
public final class RegionSheet {

    /** Colours that stay apart for colour-blind eyes, on grey. */
    public static final int ORANGE = 0xe69f00;

    public static final int BLUE = 0x56b4e9;
    public static final int GREEN = 0x2fd098;
    public static final int RED = 0xff5533;

    private static final int TILE = 340;
    private static final int LINE = 11;
    private static final int GAP = 6;
    private static final int WIDEST = 3;
    private static final int BLACK = 0x000000;
    private static final int WHITE = 0xffffff;

    /**
     * A line through points of a slice.
     *
     * @param points {u, v}: voxel coordinates along the two in-plane file axes, rising, centres of voxels are whole numbers
     * @param colour RGB
     */
    public record Line(double[][] points, int colour) {}

    /**
     * One slice.
     *
     * @param captions lines above it
     * @param data a volume in file order
     * @param axis file axis across the slice
     * @param slice index along that axis
     * @param low drawn black
     * @param high drawn white
     */
    public record Tile(
            List<String> captions, float[] data, int axis, int slice, double low, double high, List<Line> lines) {

        public Tile {
            captions = List.copyOf(captions);
            lines = List.copyOf(lines);
        }
    }

    private RegionSheet() {}

    /** A closed ellipse, radii in voxels. */
    public static Line ellipse(double u, double v, double ru, double rv, int colour) {
        double[][] points = new double[73][];
        for (int n = 0; n < points.length; n++) {
            double angle = n * Math.PI / 36;
            points[n] = new double[] {u + ru * Math.cos(angle), v + rv * Math.sin(angle)};
        }
        return new Line(points, colour);
    }

    /** A rectangle around the voxels from (u, v), {@code width} by {@code height} of them. */
    public static Line rectangle(double u, double v, double width, double height, int colour) {
        double a = u - 0.5;
        double b = v - 0.5;
        double[][] corners = {{a, b}, {a + width, b}, {a + width, b + height}, {a, b + height}, {a, b}};
        return new Line(corners, colour);
    }

    /** A straight line. */
    public static Line line(double fromU, double fromV, double toU, double toV, int colour) {
        return new Line(new double[][] {{fromU, fromV}, {toU, toV}}, colour);
    }

    /** Draws the sheet: at most three tiles beside each other, all at one scale. */
    public static Picture of(String fileName, String title, String whatToLookFor, Grid grid, List<Tile> tiles) {
        double widest = 1;
        int captions = 0;
        for (Tile tile : tiles) {
            for (int axis = 0; axis < 3; axis++) {
                widest = axis == tile.axis ? widest : Math.max(widest, grid.dim(axis) * grid.spacing(axis));
            }
            captions = Math.max(captions, tile.captions.size());
        }
        double scale = TILE / widest;
        int columns = tiles.size() == 4 ? 2 : Math.min(WIDEST, tiles.size());
        int rows = (tiles.size() + columns - 1) / columns;
        int head = captions * LINE + 3;
        List<int[]> sizes = new ArrayList<>();
        int height = 1;
        for (Tile tile : tiles) {
            int[] size = size(grid, tile, scale);
            sizes.add(size);
            height = Math.max(height, size[1]);
        }
        Raster raster = new Raster(columns * (TILE + GAP) - GAP, rows * (height + head + GAP) - GAP, BLACK);
        for (int n = 0; n < tiles.size(); n++) {
            int x = n % columns * (TILE + GAP);
            int y = n / columns * (height + head + GAP);
            Tile tile = tiles.get(n);
            for (int c = 0; c < tile.captions.size(); c++) {
                TinyFont.draw(raster, x + 2, y + 2 + c * LINE, tile.captions.get(c), WHITE);
            }
            draw(raster, x + (TILE - sizes.get(n)[0]) / 2, y + head, grid, tile, scale);
        }
        return new Picture(fileName, title, whatToLookFor, raster.png());
    }

    /** {patient axis across the picture, patient axis up}. */
    private static int[] shown(Grid grid, int axis) {
        int across = grid.axes().patientAxis()[axis];
        return new int[] {across == 0 ? 1 : 0, across == 2 ? 1 : 2};
    }

    private static int[] size(Grid grid, Tile tile, double scale) {
        int[] shown = shown(grid, tile.axis);
        AxisMap map = grid.axes();
        int a = map.fileAxis(shown[0]);
        int b = map.fileAxis(shown[1]);
        return new int[] {
            (int) Math.round(grid.dim(a) * grid.spacing(a) * scale),
            (int) Math.round(grid.dim(b) * grid.spacing(b) * scale)
        };
    }

    private static void draw(Raster raster, int x, int y, Grid grid, Tile tile, double scale) {
        AxisMap map = grid.axes();
        Volume ras = new Volume(grid, tile.data).toRas();
        int patient = map.patientAxis()[tile.axis];
        int slice = map.sign()[tile.axis] < 0 ? grid.dim(tile.axis) - 1 - tile.slice : tile.slice;
        int[] size = size(grid, tile, scale);
        Mosaic.tile(
                ras,
                patient,
                slice,
                Scale.grey(tile.low, tile.high, "WINDOW"),
                raster,
                x,
                y,
                size[0],
                size[1],
                1 / scale);
        Mosaic.letters(grid, raster, patient, x, y, size[0], size[1]);
        int[] shown = shown(grid, tile.axis);
        int across = map.fileAxis(shown[0]);
        int up = map.fileAxis(shown[1]);
        int first = tile.axis == 0 ? 1 : 0;
        for (Line line : tile.lines) {
            double[] before = null;
            for (double[] point : line.points) {
                double alongAcross = across == first ? point[0] : point[1];
                double alongUp = up == first ? point[0] : point[1];
                double px = place(grid, map, across, alongAcross) * scale;
                double py = size[1] - place(grid, map, up, alongUp) * scale;
                double[] at = {x + px, y + py};
                if (before != null) {
                    stroke(raster, before, at, line.colour);
                }
                before = at;
            }
        }
    }

    /** Millimetres from the low patient end of the field of view. */
    private static double place(Grid grid, AxisMap map, int axis, double voxel) {
        double from = map.sign()[axis] < 0 ? grid.dim(axis) - 1 - voxel : voxel;
        return (from + 0.5) * grid.spacing(axis);
    }

    private static void stroke(Raster raster, double[] from, double[] to, int colour) {
        double length = Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]));
        int steps = Math.max(1, (int) Math.ceil(length));
        for (int n = 0; n <= steps; n++) {
            double share = (double) n / steps;
            raster.set(
                    (int) Math.floor(from[0] + share * (to[0] - from[0])),
                    (int) Math.floor(from[1] + share * (to[1] - from[1])),
                    colour);
        }
    }
}
