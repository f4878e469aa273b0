package org.datman.metrics.bold;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.datman.analysis.image.Volume;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Morphology;
import org.datman.analysis.mask.Morphology.Neighbours;
import org.datman.analysis.noise.RadialCorrelation;
import org.datman.analysis.noise.TimeMaps;
import org.datman.analysis.spike.Herringbone;
import org.datman.analysis.spike.KSpaceSpikes;
import org.datman.analysis.stats.Statistics;
import org.datman.analysis.timeseries.PrincipalComponents;
import org.datman.metrics.common.ComponentViews;
import org.datman.metrics.common.CoursePanel;
import org.datman.metrics.common.EvenSample;
import org.datman.metrics.common.HardwareView;
import org.datman.metrics.common.SpectraView;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.model.Findings;
import org.datman.plots.picture.Carpet;
import org.datman.plots.picture.HeatMap;
import org.datman.plots.picture.KSpaceView;
import org.datman.plots.picture.Mosaic;
import org.datman.plots.picture.OutlierSlices;
import org.datman.plots.picture.Picture;
import org.datman.plots.picture.Scale;
import org.datman.plots.picture.TimeSeriesPlot;
import org.datman.plots.report.TimeCourse;
import org.jspecify.annotations.Nullable;

/**
 * Pictures of a functional run: slices, background, noise over time, traces with carpet, slice x volume map, k-space.
 *
 * @param start first volume in steady state
 * @param radial correlation of voxels with their surroundings, or null
 * @param components of the object's time series, or null
 * @param fd framewise displacement in mm, or null
 * @param spikes of k-space, or null when not tested
 */
record BoldPictures(
        ScanData scan,
        int start,
        Temporal temporal,
        TimeMaps maps,
        Masks masks,
        @Nullable KSpaceSpikes spikes,
        Herringbone wave,
        @Nullable RadialCorrelation radial,
        @Nullable PrincipalComponents components,
        double @Nullable [] fd,
        Findings findings) {

    private static final int MAP_SLICES = 5;
    private static final int CORE_ROWS = 150;
    private static final int EDGE_ROWS = 70;
    private static final int AIR_ROWS = 100;
    private static final double TSNR_TOP = 150;
    private static final double SIGMAS = 4;
    /** AFNI's lowest threshold for clusters. */
    private static final double WEAK_R = 0.45;

    private static final List<String> GROUPS = List.of("core", "edge", "air");

    /** The examined regions of a run: the object, the object without its edge, and the air. */
    record Masks(Mask object, Mask inner, Mask air) {

        int[][] groups() {
            Mask core = Morphology.erode(inner, Neighbours.FACES_6, 1);
            return new int[][] {
                EvenSample.of((core.count() == 0 ? inner : core).indices(), CORE_ROWS),
                EvenSample.of(object.andNot(inner, "edge").indices(), EDGE_ROWS),
                EvenSample.of(air.indices(), AIR_ROWS)
            };
        }
    }

    /** Voxels of the carpet: core, edge, air, each in order of slices. */
    static int[] carpetVoxels(Masks masks) {
        return Arrays.stream(masks.groups()).flatMapToInt(Arrays::stream).toArray();
    }

    List<Picture> all(Volume reference) {
        List<Picture> pictures = new ArrayList<>();
        pictures.add(Mosaic.structure(scan, new Volume(scan.grid(), temporal.meanImage)));
        pictures.add(traces());
        pictures.add(Mosaic.background(scan, reference));
        pictures.add(Mosaic.backgroundLog(scan, new Volume(scan.grid(), maps.mean)));
        pictures.add(tsnr());
        pictures.add(sd());
        pictures.add(oddEven());
        pictures.add(slices());
        int[][] worst = marks("slice-spike");
        if (worst.length > 0) {
            pictures.add(
                    OutlierSlices.overTime(
                            scan,
                            worst,
                            "slice-examples.png",
                            "Slices that jump, with the volumes before and after",
                            "The middle picture of each three should be as bright as the others: stripes are k-space spikes, a darker slice is motion or dropout."));
        }
        pictures.addAll(HardwareView.of(scan, maps.rms(), masks.air(), wave, spikes));
        if (spikes != null) {
            pictures.add(KSpaceView.times(scan, spikes));
        }
        Picture spectra = spectra();
        if (spectra != null) {
            pictures.add(spectra);
        }
        if (components != null) {
            pictures.add(ComponentViews.maps(
                    scan,
                    components,
                    EvenSample.slices(masks.object(), scan.axes().slice(), MAP_SLICES)));
            pictures.add(ComponentViews.plots(scan, components, start));
        }
        if (radial != null) {
            pictures.add(surroundings(radial));
        }
        return pictures;
    }

    /** <a href="{@docRoot}/../docs/qc-specification.md#V10">V10</a>. */
    private @Nullable Picture spectra() {
        List<SpectraView.Rows> rows = new ArrayList<>();
        int from = 0;
        int[][] groups = masks.groups();
        for (int g = 0; g < groups.length; g++) {
            float[][] courses = Arrays.copyOfRange(maps.courses, from, from + groups[g].length);
            rows.add(new SpectraView.Rows(GROUPS.get(g), courses));
            from += groups[g].length;
        }
        Herringbone change = Herringbone.of(
                scan.grid(), maps.difference, masks.inner(), scan.axes().slice());
        return SpectraView.of(
                scan,
                rows,
                start,
                List.of(new SpectraView.Plane("air", wave), new SpectraView.Plane("even - odd in the object", change)));
    }

    /** <a href="{@docRoot}/../docs/qc-specification.md#V12">V12</a>. */
    private Picture surroundings(RadialCorrelation correlation) {
        float[] size = new float[correlation.r().length];
        for (int v = 0; v < size.length; v++) {
            // Weaker correlations are transparent.
            size[v] = Math.abs(correlation.r()[v]) < WEAK_R
                    ? Float.NaN
                    : Math.abs(correlation.r()[v]);
        }
        double top = Scale.round(Statistics.quantile(temporal.meanImage, 0.995));
        return Mosaic.over(
                scan,
                new Volume(scan.grid(), temporal.meanImage),
                Scale.grey(0, top, "MEAN"),
                new Volume(scan.grid(), size),
                Scale.viridis(WEAK_R, 1, "CORRELATION WITH 40 MM AROUND, SIZE"),
                "radial-correlation.png",
                "Correlation with the surroundings",
                "Only scattered spots should be coloured: a coloured region is an element of the coil that comes and goes, or motion at an edge.");
    }

    /** <a href="{@docRoot}/../docs/qc-specification.md#V3">V3</a>. */
    private Picture tsnr() {
        float[] tsnr = maps.tsnr();
        return Mosaic.of(
                scan,
                new Volume(scan.grid(), tsnr),
                Scale.viridis(0, TSNR_TOP, "TSNR AFTER LINEAR TREND"),
                Integer.MAX_VALUE,
                "tsnr.png",
                "Temporal signal to noise",
                "Should be smooth over the brain: dark rims are motion, stripes RF noise, a dark quadrant a coil element, dark slices gradients or multiband.");
    }

    /** <a href="{@docRoot}/../docs/qc-specification.md#V3">V3</a>. */
    private Picture sd() {
        double top = Scale.round(5 * Statistics.median(masks.inner().values(maps.sd)));
        return Mosaic.of(
                scan,
                new Volume(scan.grid(), maps.sd),
                Scale.viridis(0, top, "TEMPORAL SD AFTER LINEAR TREND"),
                Integer.MAX_VALUE,
                "tsd.png",
                "Temporal SD",
                "Bright vessels and eyes are normal: look for bright rims (motion), stripes (RF), bright slices, and structure in the air.");
    }

    /** <a href="{@docRoot}/../docs/qc-specification.md#V4">V4</a>: even minus odd volumes in units of the noise of the brain. */
    private Picture oddEven() {
        double sigma = Math.max(1e-12, Statistics.median(masks.inner().values(maps.sd)));
        float[] z = new float[maps.difference.length];
        for (int v = 0; v < z.length; v++) {
            z[v] = (float) (maps.difference[v] / sigma);
        }
        return Mosaic.of(
                scan,
                new Volume(scan.grid(), z),
                Scale.diverging(SIGMAS, "EVEN - ODD VOLUMES, SIGMA"),
                Integer.MAX_VALUE,
                "odd-even.png",
                "Even − odd volumes",
                "Should be noise without structure: whatever anatomy shows here is an instability of the scanner or motion with every volume.");
    }

    /** <a href="{@docRoot}/../docs/qc-specification.md#V5">V5</a>. */
    private Picture traces() {
        TimeSeriesPlot plot = new TimeSeriesPlot(
                scan.request().series() + ": motion, signal and voxels over time", scan.trSeconds(), scan.volumes());
        String[] none = new String[0];
        if (fd != null) {
            plot.panel("framewise displacement, mm", none, new double[][] {fd}, 0.2, 0.5);
        }
        TimeCourse motion = findings.courses().get("motion");
        if (motion != null) {
            String[] patient = {"R", "A", "S"};
            plot.panel("translation, mm", patient, columns(motion, 0, 1));
            plot.panel("rotation, degrees", patient, columns(motion, 3, 180 / Math.PI));
        }
        double[] p = DvarsTest.pValues(temporal.dvarsN);
        boolean[] significant = DvarsTest.significant(temporal.dvarsN, p, temporal.meanVariance);
        plot.marked(
                "DVARS, standardised; triangles: p < 0.05 / volumes and more than 5 % of the variance",
                temporal.dvarsStd, significant, 1);
        plot.panel("fraction of outlier voxels", none, new double[][] {temporal.aor});
        CoursePanel.add(plot, findings, "aqi", "distance from the median volume (AQI)");
        plot.panel("mean signal", none, new double[][] {temporal.global});
        CoursePanel.add(plot, findings, "ghost_pe", "ghost, fraction of the signal");
        plot.carpet(carpet());
        return plot.picture(
                "traces.svg",
                "Jumps of displacement and DVARS at one volume are motion, DVARS alone a spike; stripes of the carpet in the air are hardware, slopes are drift.");
    }

    private Carpet carpet() {
        int[][] groups = masks.groups();
        List<Carpet.Group> named = IntStream.range(0, groups.length)
                .mapToObj(g -> new Carpet.Group(GROUPS.get(g), groups[g].length))
                .toList();
        int all = named.stream().mapToInt(Carpet.Group::rows).sum();
        float[][] rows =
                Arrays.stream(maps.courses, 0, all).map(BoldPictures::standard).toArray(float[][]::new);
        return new Carpet(named, rows);
    }

    /** Against the median, in units of the noise from one volume to the next: drift and steps stay visible. */
    private static float[] standard(float[] course) {
        double centre = Statistics.median(course);
        float[] change = new float[Math.max(0, course.length - 1)];
        for (int t = 0; t < change.length; t++) {
            change[t] = Math.abs(course[t + 1] - course[t]);
        }
        double noise = change.length == 0 ? 0 : Statistics.MAD_TO_SD * Statistics.median(change) / Math.sqrt(2);
        float[] out = new float[course.length];
        for (int t = 0; t < out.length; t++) {
            out[t] = noise > 0 ? (float) ((course[t] - centre) / noise) : Float.NaN;
        }
        return out;
    }

    private static double[][] columns(TimeCourse motion, int from, double scale) {
        double[][] out = new double[3][motion.rows().length];
        for (int t = 0; t < motion.rows().length; t++) {
            for (int c = 0; c < 3; c++) {
                out[c][t] = scale * motion.rows()[t][from + c];
            }
        }
        return out;
    }

    /** <a href="{@docRoot}/../docs/qc-specification.md#V6">V6</a>: slice means against their own median, in per cent. */
    private Picture slices() {
        double[][] percent = new double[temporal.sliceMean.length][];
        for (int s = 0; s < percent.length; s++) {
            double[] row = temporal.sliceMean[s];
            double centre = Statistics.median(
                    Arrays.stream(row).filter(Double::isFinite).toArray());
            percent[s] = Arrays.stream(row).map(v -> 100 * (v / centre - 1)).toArray();
        }
        HeatMap map = new HeatMap(
                        scan.request().series(),
                        percent,
                        Scale.diverging(5, "SLICE MEAN AGAINST ITS MEDIAN %"),
                        scan.trSeconds())
                .marks(marks("slice-spike"));
        if (fd != null) {
            map.strip("FD 0-1 MM", fd, Scale.viridis(0, 1, "FD MM"));
        }
        return map.picture(
                "slices.png",
                "Slice brightness by volume",
                "Single coloured cells are slice spikes or dropouts, whole columns are motion or gain, rows fading are drift.");
    }

    private int[][] marks(String kind) {
        return findings.flags().stream()
                .filter(f -> kind.equals(f.kind()))
                .map(f -> new int[] {f.slice(), f.volume()})
                .toArray(int[][]::new);
    }
}
