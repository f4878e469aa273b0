package org.datman.metrics.phantom;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.datman.analysis.image.Grid;
import org.datman.analysis.stats.Statistics;
import org.datman.metrics.input.ScanData;
import org.datman.plots.picture.Mosaic;
import org.datman.plots.picture.Picture;
import org.datman.plots.picture.RegionSheet;
import org.jspecify.annotations.Nullable;

/** Pictures of the ADNI phantom: slices, background, each ball through its centre with its outline. */
final class AdniPictures {

    private static final int[] COLOURS = {RegionSheet.ORANGE, RegionSheet.BLUE, RegionSheet.GREEN, 0xcc79a7, 0xf0e442};

    private AdniPictures() {}

    static List<Picture> of(ScanData scan, PhantomImage image, List<Ball> balls, @Nullable EllipsoidFit shell) {
        List<Picture> pictures = new ArrayList<>(Mosaic.all(scan, image.volume()));
        if (!balls.isEmpty()) {
            pictures.add(sheet(scan, image, balls, shell));
        }
        pictures.addAll(image.hardware(scan));
        return pictures;
    }

    private static Picture sheet(ScanData scan, PhantomImage image, List<Ball> balls, @Nullable EllipsoidFit shell) {
        Grid g = scan.grid();
        float[] data = image.volume().data();
        double high = Math.max(balls.get(0).intensity() * 1.15, Statistics.quantile(data, 0.99));
        int axis = scan.axes().slice();
        List<RegionSheet.Tile> tiles = new ArrayList<>();
        for (int n = 0; n < Math.min(AdniMeasurement.BALLS, balls.size()); n++) {
            Ball ball = balls.get(n);
            int slice = (int) Math.max(0, Math.min(g.dim(axis) - 1.0, Math.rint(ball.voxel()[axis])));
            List<RegionSheet.Line> lines = new ArrayList<>();
            for (int other = 0; other < balls.size(); other++) {
                circle(g, balls.get(other), axis, slice, COLOURS[other % COLOURS.length], lines);
            }
            if (shell != null) {
                double radius = (shell.axes()[0] + shell.axes()[1] + shell.axes()[2]) / 3;
                Ball whole = new Ball(shell.centre(), Quadric.voxel(g, shell.centre()), radius, 0, 0);
                circle(g, whole, axis, slice, 0x8080a0, lines);
            }
            tiles.add(new RegionSheet.Tile(
                    List.of(
                            String.format(
                                    Locale.ROOT, "BALL %d  SLICE %d  RADIUS %.2f MM", n + 1, slice, ball.radiusMm()),
                            String.format(
                                    Locale.ROOT,
                                    "SIGNAL %.4g  CONTRAST %.3f  AT R %.1f A %.1f S %.1f",
                                    ball.intensity(),
                                    ball.intensity() / balls.get(0).intensity(),
                                    ball.centre()[0],
                                    ball.centre()[1],
                                    ball.centre()[2])),
                    data,
                    axis,
                    slice,
                    0,
                    high,
                    lines));
        }
        return RegionSheet.of(
                "phantom.png",
                "Balls of the phantom",
                "Every ring should lie on the edge of its ball, all five of the design should be there and round.",
                g,
                tiles);
    }

    /** The circle in which a slice cuts a ball. */
    private static void circle(Grid g, Ball ball, int axis, int slice, int colour, List<RegionSheet.Line> lines) {
        double off = (slice - ball.voxel()[axis]) * g.spacing(axis);
        double square = ball.radiusMm() * ball.radiusMm() - off * off;
        if (square > 0) {
            int a = axis == 0 ? 1 : 0;
            int b = axis == 2 ? 1 : 2;
            double r = Math.sqrt(square);
            lines.add(
                    RegionSheet.ellipse(ball.voxel()[a], ball.voxel()[b], r / g.spacing(a), r / g.spacing(b), colour));
        }
    }
}
