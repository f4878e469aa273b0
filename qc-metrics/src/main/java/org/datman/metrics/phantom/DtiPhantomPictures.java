package org.datman.metrics.phantom;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Volume;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.stats.Statistics;
import org.datman.metrics.common.CoursePanel;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.model.Findings;
import org.datman.plots.picture.Mosaic;
import org.datman.plots.picture.Picture;
import org.datman.plots.picture.RegionSheet;
import org.datman.plots.picture.TimeSeriesPlot;
import org.jspecify.annotations.Nullable;

/** Pictures of the DTI phantom: slices, measured regions and edges, time courses over volumes. */
final class DtiPhantomPictures {

    private DtiPhantomPictures() {}

    /**
     * The results.
     *
     * @param edges of the mean unweighted image and of the worst weighted volume, or null
     * @param strips or null
     * @param fa per voxel of the region, by slice, or null
     */
    record Seen(
            Volume mean,
            DtiRegion region,
            int[] b0,
            int[] weighted,
            PlaneEdges @Nullable [] edges,
            @Nullable NyquistStrips strips,
            float @Nullable [] fa) {}

    static List<Picture> slices(ScanData scan, Volume mean) {
        return List.of(
                Mosaic.structure(scan, mean),
                Mosaic.background(scan, scan.series().volume(0)));
    }

    static List<Picture> of(ScanData scan, Seen seen, Findings findings) {
        List<Picture> pictures = new ArrayList<>(slices(scan, seen.mean));
        pictures.add(sheet(scan, seen, findings));
        TimeSeriesPlot plot =
                new TimeSeriesPlot(scan.request().series() + ": DTI phantom by volume", Double.NaN, scan.volumes());
        CoursePanel.add(plot, findings, "dti_snr", "SNR of the central circle");
        CoursePanel.add(plot, findings, "dti_adc", "ADC, 0.001 mm2/s");
        CoursePanel.add(plot, findings, "dti_eddy_shift", "shift of the edges along phase encoding, mm");
        CoursePanel.add(plot, findings, "ghost_pe", "ghost, fraction of the signal");
        pictures.add(
                plot.picture(
                        "traces.svg",
                        "Weighted volumes should agree with each other: one that stands out is damaged, a pattern by direction is eddy currents."));
        return pictures;
    }

    private static Picture sheet(ScanData scan, Seen seen, Findings findings) {
        Grid g = scan.grid();
        SpherePlace sphere = seen.region.sphere();
        int axis = scan.axes().slice();
        int slice = sphere.slice();
        double top = 1.3 * Statistics.mean(seen.region.mask().values(seen.mean.data()));
        RegionSheet.Line circle = RegionSheet.ellipse(
                sphere.u(),
                sphere.v(),
                seen.region.radiusMm() / g.spacing(sphere.plane()[0]),
                seen.region.radiusMm() / g.spacing(sphere.plane()[1]),
                RegionSheet.ORANGE);
        boolean alongU = scan.axes().phase() == sphere.plane()[0];
        List<RegionSheet.Tile> tiles = new ArrayList<>();
        List<RegionSheet.Line> still = new ArrayList<>(List.of(circle));
        if (seen.edges != null) {
            still.addAll(outline(seen.edges[0], alongU, RegionSheet.BLUE));
        }
        tiles.add(tile(
                "MEAN B0: CIRCLE AND EDGE",
                text(findings, "WIDTH PHASE/READOUT %.4f", "dti_b0_distortion"),
                seen.mean.data(),
                axis,
                slice,
                0,
                top,
                still));
        Double worstVolume = findings.value("dti_eddy_worst_volume");
        if (seen.edges != null && seen.edges.length > 1 && worstVolume != null) {
            int worst = worstVolume.intValue();
            float[] x = scan.series().volume(worst).data();
            List<RegionSheet.Line> lines = new ArrayList<>(outline(seen.edges[0], alongU, RegionSheet.BLUE));
            lines.addAll(outline(seen.edges[1], alongU, RegionSheet.RED));
            tiles.add(tile(
                    "WORST VOLUME " + worst + ": ITS EDGE RED, B0 BLUE",
                    text(findings, "MEAN SHIFT %.3f MM", "dti_eddy_shift"),
                    x,
                    axis,
                    slice,
                    0,
                    1.3 * Statistics.mean(seen.region.mask().values(x)),
                    lines));
        }
        if (seen.strips != null) {
            List<RegionSheet.Line> lines = new ArrayList<>();
            seen.strips.phase().forEach(s -> lines.add(RegionSheet.rectangle(s[0], s[1], s[2], s[3], RegionSheet.RED)));
            seen.strips
                    .readout()
                    .forEach(s -> lines.add(RegionSheet.rectangle(s[0], s[1], s[2], s[3], RegionSheet.GREEN)));
            tiles.add(tile(
                    "GHOST: PHASE RED, READOUT GREEN, 5% WINDOW",
                    text(findings, "RATIO %.3f", "dti_nyquist_ratio"),
                    seen.mean.data(),
                    axis,
                    slice,
                    0,
                    top / 20,
                    lines));
        }
        if (seen.b0.length > 1) {
            float[] before = scan.series().volume(seen.b0[0]).data();
            float[] after = scan.series().volume(seen.b0[1]).data();
            float[] difference = new float[before.length];
            for (int v = 0; v < difference.length; v++) {
                difference[v] = after[v] - before[v];
            }
            Double noise = findings.value("dti_noise");
            double limit = noise == null ? Statistics.sd(difference, 1) * 4 : 6 * noise;
            tiles.add(tile(
                    "SECOND B0 - FIRST",
                    text(findings, "NOISE OF ONE IMAGE %.4g", "dti_noise"),
                    difference,
                    axis,
                    slice,
                    -limit,
                    limit,
                    List.of(circle)));
        }
        if (seen.fa != null) {
            tiles.add(tile(
                    "FA IN THE CIRCLE, WINDOW 0 TO 0.1",
                    text(findings, "MEAN %.4f", "dti_fa_mean"),
                    map(g, seen.region.mask(), seen.fa, axis),
                    axis,
                    slice,
                    0,
                    0.1,
                    List.of(circle)));
        }
        return RegionSheet.of(
                "phantom.png",
                "Regions of the DTI phantom",
                "Edges should lie on each other, the strips be equally dark, the difference and the FA show no structure.",
                g,
                tiles);
    }

    private static RegionSheet.Tile tile(
            String title,
            String value,
            float[] data,
            int axis,
            int slice,
            double low,
            double high,
            List<RegionSheet.Line> lines) {
        return new RegionSheet.Tile(List.of(title, value), data, axis, slice, low, high, lines);
    }

    private static String text(Findings findings, String format, String key) {
        Double value = findings.value(key);
        return value == null ? findings.reason(key, "") : String.format(Locale.ROOT, format, value);
    }

    /** FA in file order, 0 outside the region; it was fitted slice by slice, and so in the order of the indices when slices are k. */
    private static float[] map(Grid g, Mask region, float[] fa, int axis) {
        float[] out = new float[g.size()];
        int n = 0;
        for (int slice = 0; slice < g.dim(axis); slice++) {
            for (int v : region.indices()) {
                if (SpherePlace.along(g, v, axis) == slice) {
                    out[v] = Float.isFinite(fa[n]) ? fa[n] : 0;
                    n++;
                }
            }
        }
        return out;
    }

    private static List<RegionSheet.Line> outline(PlaneEdges edges, boolean alongU, int colour) {
        List<RegionSheet.Line> lines = new ArrayList<>();
        for (double[] side : List.of(edges.low(), edges.high())) {
            List<double[]> points = new ArrayList<>();
            for (int line = 0; line < side.length; line++) {
                if (Double.isFinite(side[line])) {
                    points.add(alongU ? new double[] {side[line], line} : new double[] {line, side[line]});
                }
            }
            if (points.size() > 1) {
                lines.add(new RegionSheet.Line(points.toArray(double[][]::new), colour));
            }
        }
        return lines;
    }
}
