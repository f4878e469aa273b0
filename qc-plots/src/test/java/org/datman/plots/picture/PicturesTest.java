package org.datman.plots.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Series;
import org.datman.analysis.image.Volume;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.spike.Herringbone;
import org.datman.analysis.spike.KSpaceSpikes;
import org.datman.analysis.testkit.Fixtures;
import org.datman.synthetic.EpiSeries;
import org.datman.synthetic.KSpaceSpike;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The content of the image is visible in the picture, at the right place. */
class PicturesTest {

    private static final int HEADER = 26;

    /** Volumes in memory, slices along k, phase along j, with a name as a hostile header might have it. */
    private record InMemory(Series series) implements PicturedSeries {

        @Override
        public String name() {
            return "TST01_CMH_0001 <b>";
        }

        @Override
        public int sliceAxis() {
            return 2;
        }

        @Override
        public int phaseAxis() {
            return 1;
        }

        @Override
        public double trSeconds() {
            return 2;
        }
    }

    /** 16 x 16 x 4 voxels of 10 x 10 x 20 mm; i runs to the patient's left, as most scanners store it. */
    private static Grid las() {
        double[] affine = {-10, 0, 0, 75, 0, 10, 0, -75, 0, 0, 20, -30};
        return new Grid(16, 16, 4, 10, 10, 20, affine);
    }

    @Test
    void aMosaicShowsAVoxelOnItsSideOfThePatient() throws Exception {
        // Given an image whose only bright voxel is at i = 3 (patient right of the middle), j = 12 (anterior), slice 2
        Grid grid = las();
        float[] image = new float[grid.size()];
        Arrays.fill(image, 10);
        image[grid.index(3, 12, 2)] = 1000;

        // When slices are drawn
        Picture picture = Mosaic.of(
                new InMemory(Series.of(grid, List.of(image))),
                new Volume(grid, image),
                Scale.grey(0, 1000, "WINDOW"),
                99,
                "mosaic.png",
                "Slices",
                "Look.");

        // Then it is white there: two pixels per voxel, tiles in rows of two, right on the right, anterior on top
        BufferedImage pixels = Pixels.of(picture);
        int zoom = 2;
        int tile = 16 * zoom + 2;
        int columns = 2;
        int x = 2 % columns * tile + (15 - 3) * zoom + zoom / 2;
        int y = HEADER + 2 / columns * tile + (15 - 12) * zoom + zoom / 2;
        assertThat(Pixels.grey(pixels, x, y)).isEqualTo(255);
        assertThat(Pixels.grey(pixels, x - zoom, y)).isEqualTo(3);
        assertThat(Pixels.grey(pixels, x, y + zoom)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"0.97, 1", "1, 1", "1.01, 1.2", "61, 80", "1311, 1500", "2.1e-4, 2.5e-4", "0, 1", "NaN, 1"})
    void windowsAreRoundedToFewSteps(double value, double rounded) {
        // When the top of a window is rounded
        double top = Scale.round(value);

        // Then it is the next step, the same for all values of a range
        assertThat(top).isEqualTo(rounded, org.assertj.core.api.Assertions.withPrecision(1e-9));
    }

    @Test
    void aHeatMapShowsACellWhereItBelongsAndFramesIt() throws Exception {
        // Given 6 slices of 50 volumes with one dark cell, volumes in reverse order
        double[][] values = new double[6][50];
        values[4][7] = -15;
        values[1][3] = Double.NaN;
        int[] order = new int[50];
        Arrays.setAll(order, n -> 49 - n);

        // When they are drawn
        BufferedImage pixels = Pixels.of(new HeatMap("x", values, Scale.diverging(15, "%"), 2)
                .order(order)
                .marks(new int[][] {{4, 7}})
                .strip("FD", new double[50], Scale.viridis(0, 1, "FD"))
                .picture("map.png", "Map", "Look."));

        // Then the cell is dark blue inside its frame, the unknown one grey, all others white
        int cw = 18;
        int ch = 14;
        int top = 30 + 12;
        int x = 40 + (49 - 7) * cw;
        int y = top + (5 - 4) * ch;
        assertThat(Pixels.rgb(pixels, x + cw / 2, y + ch / 2)).isEqualTo(0x053061);
        assertThat(Pixels.rgb(pixels, x - 1, y + ch / 2)).isZero();
        assertThat(Pixels.rgb(pixels, 40 + (49 - 3) * cw + cw / 2, top + (5 - 1) * ch + ch / 2))
                .isEqualTo(Scale.UNKNOWN);
        assertThat(Pixels.rgb(pixels, x + 3 * cw + cw / 2, y + ch / 2)).isEqualTo(0xffffff);
    }

    @Test
    void aSparkIsABrightPointOfKSpaceAtItsFrequencyAndTime() throws Exception {
        // Given a run with one strong spike
        org.datman.synthetic.Grid g = org.datman.synthetic.Grid.axial(32, 32, 4, 6, 6, 8);
        EpiSeries run = EpiSeries.of(g, 8).spike(new KSpaceSpike(5, 2, 9, -6, 60, 1));
        Series series = Fixtures.series(run);
        PicturedSeries scan = new InMemory(series);
        KSpaceSpikes spikes = KSpaceSpikes.of(series);
        Mask air =
                Mask.above(series.grid(), series.volume(0).data(), 60, "head").not("air");
        Herringbone wave = Herringbone.of(series.grid(), series.volume(0).data(), air, 2);

        // When k-space is drawn
        BufferedImage planes = Pixels.of(KSpaceView.planes(scan, wave, spikes));

        // Then its sample is the brightest of the right plane, and only it is framed
        int zoom = 8;
        int cell = planes.getWidth() / 2;
        int x = cell + 14 + (9 + 16) * zoom;
        int y = 40 + (31 - (-6 + 16)) * zoom;
        assertThat(yellow(planes, x + zoom / 2, y + zoom / 2)).isGreaterThan(200);
        assertThat(Pixels.rgb(planes, x - 3, y + 2)).isEqualTo(0xffffff);
        assertThat(yellow(planes, x + 3 * zoom + zoom / 2, y + zoom / 2)).isLessThan(150);
        KSpaceSpikes sharing = new KSpaceSpikes(spikes.spikes(), spikes.spikes(), spikes.tested(), spikes.scores());
        assertThat(KSpaceView.times(scan, spikes).whatToLookFor()).doesNotContain("Not framed");
        assertThat(KSpaceView.times(scan, sharing).whatToLookFor())
                .contains("Not framed: " + spikes.spikes().size() + " sample");
        BufferedImage times = Pixels.of(KSpaceView.times(scan, spikes));
        assertThat(yellow(times, 40 + 5 * 24 + 12, 30 + (3 - 2) * 14 + 7)).isGreaterThan(200);
        assertThat(yellow(times, 40 + 5 * 24 + 12, 30 + 3 * 14 + 7)).isLessThan(100);
    }

    /** Green of viridis rises with the value. */
    private static int yellow(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) >> 8 & 0xff;
    }

    @Test
    void aStepOfTheReceiverIsAStepOfTheCarpet() throws Exception {
        // Given voxels that jump up at volume 6, and one that does not
        float[][] rows = new float[3][10];
        for (int t = 6; t < 10; t++) {
            rows[0][t] = 4;
            rows[1][t] = 4;
        }
        Carpet carpet = new Carpet(List.of(new Carpet.Group("core", 2), new Carpet.Group("air", 1)), rows);

        // When they are drawn among traces
        Picture picture = new TimeSeriesPlot("a <run> & more", 2.5, 10)
                .panel("displacement, mm", new String[0], new double[][] {new double[10]}, 0.5)
                .carpet(carpet)
                .picture("traces.svg", "Look.");

        // Then rows and columns of the carpet are voxels and volumes, and the axis is in volumes and seconds
        BufferedImage inside = Pixels.inside(picture);
        assertThat(inside.getWidth()).isEqualTo(10);
        assertThat(Pixels.rgb(inside, 5, 0)).isEqualTo(0xffffff);
        assertThat(Pixels.rgb(inside, 6, 1)).isEqualTo(0x5a2000);
        assertThat(Pixels.rgb(inside, 6, 2)).isEqualTo(0xffffff);
        String svg = new String(picture.bytes(), StandardCharsets.UTF_8);
        assertThat(svg)
                .contains("a &lt;run&gt; &amp; more", ">22.5<", "time, s", ">core<", ">air<", Stamp.VERSION)
                .doesNotContain("<run>", "style=", "<script");
    }

    @Test
    void volumesThatChangeMoreThanChanceHaveATriangle() {
        // Given a time course and its sixth volume marked
        boolean[] marks = new boolean[10];
        marks[5] = true;

        // When
        Picture picture = new TimeSeriesPlot("run", 2, 10)
                .marked("DVARS", new double[] {1, 1, 1, 1, 1, 3, 1, 1, 1, 1}, marks)
                .picture("traces.svg", "Look.");

        // Then there is one, above that volume, and the text alternative counts it
        String svg = new String(picture.bytes(), StandardCharsets.UTF_8);
        assertThat(svg.split("l-4 -7h8z", -1)).hasSize(2);
        assertThat(svg).contains("M517.7 ", "1 volumes marked");
    }

    @Test
    void slicesOfOneExcitationAreJoinedByABracket() throws Exception {
        // Given 12 slices excited three at a time, slices 1, 5 and 9 of volume 3 lost
        double[][] values = new double[12][10];
        int[][] marks = {{1, 3}, {5, 3}, {9, 3}};
        for (int[] mark : marks) {
            values[mark[0]][mark[1]] = -15;
        }

        // When
        BufferedImage pixels = Pixels.of(new HeatMap("x", values, Scale.diverging(15, "%"), 2)
                .groups(3)
                .marks(marks)
                .picture("map.png", "Map", "Look."));

        // Then lines part the bands of four slices, and a black line runs from slice 1 to slice 9
        int middle = 40 + 3 * 24 + 12;
        assertThat(Pixels.rgb(pixels, 45, 30 + 4 * 14)).isEqualTo(0x606060);
        assertThat(Pixels.rgb(pixels, 45, 30 + 8 * 14)).isEqualTo(0x606060);
        assertThat(Pixels.rgb(pixels, middle, 30 + (11 - 7) * 14 + 7)).isZero();
        assertThat(Pixels.rgb(pixels, middle + 24, 30 + (11 - 7) * 14 + 7)).isEqualTo(0xffffff);
    }

    @Test
    void aMapInColourLeavesTheImageWhereItIsNotKnown() throws Exception {
        // Given a grey image and a map that is known in one voxel
        Grid grid = las();
        float[] image = new float[grid.size()];
        Arrays.fill(image, 500);
        float[] map = new float[grid.size()];
        Arrays.fill(map, Float.NaN);
        map[grid.index(3, 12, 0)] = 1;

        // When
        BufferedImage pixels = Pixels.of(Mosaic.over(
                new InMemory(Series.of(grid, List.of(image))),
                new Volume(grid, image),
                Scale.grey(0, 1000, "WINDOW"),
                new Volume(grid, map),
                Scale.viridis(0, 1, "R"),
                "over.png",
                "Over",
                "Look."));

        // Then that voxel is yellow and its neighbour grey
        int x = (15 - 3) * 2 + 1;
        int y = HEADER + (15 - 12) * 2 + 1;
        assertThat(Pixels.rgb(pixels, x, y)).isEqualTo(0xfde725);
        assertThat(Pixels.rgb(pixels, x - 2, y)).isEqualTo(0x808080);
    }

    @Test
    void aDirectionOfAnotherTableHasABarAboveTheLimit() {
        // Given twelve directions of which one differs by 25 degrees from the gold table's, and one is its opposite
        double[][] gold = new double[12][];
        double[][] own = new double[12][];
        double[] degrees = new double[13];
        degrees[0] = Double.NaN;
        for (int d = 0; d < 12; d++) {
            double z = (d + 0.5) / 12;
            double r = Math.sqrt(1 - z * z);
            gold[d] = new double[] {r * Math.cos(2.4 * d), r * Math.sin(2.4 * d), z};
            own[d] = gold[d];
        }
        own[3] = new double[] {-gold[3][0], -gold[3][1], -gold[3][2]};
        degrees[8] = 25;

        // When
        Picture picture = GradientSpheres.of("run", List.of(new GradientSpheres.Shell(1000, own, gold)), degrees, 2);

        // Then one bar has the colour of warnings, and the opposite is hollow where it points away
        String svg = new String(picture.bytes(), StandardCharsets.UTF_8);
        String bars = svg.substring(svg.indexOf("angle to the gold table, degrees"));
        assertThat(bars.split(Svg.COLOURS[1], -1)).hasSize(3);
        assertThat(svg).contains("b = 1000 s/mm\u00b2, 12 directions", "largest angle to the gold table 25 degrees");
        assertThat(svg.substring(0, svg.indexOf(">x<")).split("fill=\"white\" stroke", -1))
                .hasSize(2);
    }

    @Test
    void theWorstSliceIsShownBetweenItsNeighbours() throws IOException {
        // Given slices of different brightness, volume by volume
        Grid grid = las();
        List<float[]> volumes = java.util.stream.IntStream.range(0, 4)
                .mapToObj(t -> {
                    float[] image = new float[grid.size()];
                    for (int v = 0; v < image.length; v++) {
                        image[v] = 100 * (v / 256) + 10 * t + 5;
                    }
                    return image;
                })
                .toList();

        // When slice 2 of volume 1 is shown in time
        Picture picture = OutlierSlices.overTime(
                new InMemory(Series.of(grid, volumes)), new int[][] {{2, 1}, {2, 1}}, "worst.png", "Worst", "Look.");

        // Then it appears once, between volumes 0 and 2, framed
        BufferedImage pixels = Pixels.of(picture);
        int w = 16 * 3;
        int y = 26 + 12 + 40;
        double top = Scale.round(315);
        int[] seen = new int[3];
        for (int c = 0; c < 3; c++) {
            seen[c] = Pixels.rgb(pixels, c * w + 20, y) & 0xff;
        }
        assertThat(seen).containsExactly((int) (205 / top * 255 + .5), (int) (215 / top * 255 + .5), (int)
                (225 / top * 255 + .5));
        assertThat(Pixels.rgb(pixels, w, y)).isEqualTo(0xe69f00);
    }

    @Test
    void aRowOfPixelsIsClippedAndLeavesWhatHasNoColour() throws Exception {
        // Given: a picture with a row that hangs over both sides, and rows above and below it
        Raster raster = new Raster(3, 2, 0x101010);
        int clear = Raster.CLEAR;
        raster.row(-1, 1, new int[] {0xff0000, 0x202020, clear, 0x00ff80, 0x0000ff});
        raster.row(0, -1, new int[] {0xff0000});
        raster.row(0, 2, new int[] {0xff0000});

        // When it is written and read
        BufferedImage pixels = Pixels.of(new Picture("p.png", "P", "Look.", raster.png()));

        // Then
        assertThat(pixels.getWidth()).isEqualTo(3);
        assertThat(pixels.getHeight()).isEqualTo(2);
        int[] row = {Pixels.rgb(pixels, 0, 1), Pixels.rgb(pixels, 1, 1), Pixels.rgb(pixels, 2, 1)};
        assertThat(row).containsExactly(0x202020, 0x101010, 0x00ff80);
        assertThat(Pixels.rgb(pixels, 2, 0)).isEqualTo(0x101010);
    }

    @ParameterizedTest
    @CsvSource({
        "12.34, L12.3 0.5",
        "0.04, L0.0 0.5",
        "-0.04, L0.0 0.5",
        "-7.25, L-7.3 0.5",
        "1234567.96, L1234568.0 0.5"
    })
    void pointsOfAPathAreRoundedToTenths(double x, String right) {
        // Given
        StringBuilder path = new StringBuilder();

        // When
        Svg.point(path, true, x, 0.5);

        // Then
        assertThat(path).hasToString(right);
    }
}
