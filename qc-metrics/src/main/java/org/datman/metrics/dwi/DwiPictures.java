package org.datman.metrics.dwi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.datman.analysis.image.Volume;
import org.datman.analysis.spike.Herringbone;
import org.datman.analysis.spike.KSpaceSpikes;
import org.datman.contracts.study.Severity;
import org.datman.metrics.common.SpectraView;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.model.Findings;
import org.datman.plots.picture.GradientSpheres;
import org.datman.plots.picture.HeatMap;
import org.datman.plots.picture.KSpaceView;
import org.datman.plots.picture.Mosaic;
import org.datman.plots.picture.OutlierSlices;
import org.datman.plots.picture.Picture;
import org.datman.plots.picture.Scale;
import org.datman.plots.report.TimeCourse;
import org.jspecify.annotations.Nullable;

/** Pictures of a diffusion series: slices, background, signal of every slice of every volume, the worst of them, spikes. */
final class DwiPictures {

    private static final double LOSS_PCT = 15;

    private DwiPictures() {}

    static List<Picture> of(
            ScanData scan,
            Volume mean,
            Shells shells,
            SliceDropoutDetector.Result dropouts,
            int multiband,
            BrainMask brain,
            @Nullable KSpaceSpikes spikes,
            Findings findings) {
        List<Picture> all = new ArrayList<>(Mosaic.all(scan, mean));
        all.add(dropouts(scan, shells, dropouts, multiband, findings));
        int[][] worst = dropouts.lost().stream()
                .sorted(Comparator.<LostSlice, Severity>comparing(LostSlice::severity)
                        .reversed()
                        .thenComparing(l -> -dropouts.lossPercent()[l.slice()][l.volume()]))
                .map(l -> new int[] {l.slice(), l.volume()})
                .toArray(int[][]::new);
        if (worst.length > 0) {
            all.add(
                    OutlierSlices.acrossSlices(
                            scan,
                            worst,
                            "dropout-examples.png",
                            "Slices that lost signal, with the slices below and above",
                            "The middle slice of each three should be as bright as the others; dark parts are lost signal, dark all over is motion."));
        }
        if (spikes != null) {
            all.add(KSpaceView.times(scan, spikes));
        }
        Picture spectra = spectra(scan, shells, brain);
        if (spectra != null) {
            all.add(spectra);
        }
        return all;
    }

    /** <a href="{@docRoot}/../docs/qc-specification.md#V10">V10</a>, space only: weighted volumes differ from each other by design. The difference of two unweighted volumes is noise. */
    private static @Nullable Picture spectra(ScanData scan, Shells shells, BrainMask brain) {
        int[] b0 = shells.volumes(0);
        if (b0.length < 2) {
            return null;
        }
        float[] change = change(scan, b0);
        Herringbone power =
                Herringbone.of(scan.grid(), change, brain.mask(), scan.axes().slice());
        return SpectraView.of(
                scan,
                List.of(),
                0,
                List.of(new SpectraView.Plane(
                        String.format(Locale.ROOT, "volume %d - volume %d in the brain", b0[0], b0[1]), power)));
    }

    /** First less second volume without weighting over the root of two: the noise of one, where the head did not move. */
    static float[] change(ScanData scan, int[] b0) {
        float[] change = scan.series().volume(b0[0]).data();
        float[] second = scan.series().volume(b0[1]).data();
        for (int v = 0; v < change.length; v++) {
            change[v] = (change[v] - second[v]) / (float) Math.sqrt(2);
        }
        return change;
    }

    /** <a href="{@docRoot}/../docs/qc-specification.md#V17">V17</a>. */
    static Picture gradients(ScanData scan, GradientTable table, Shells shells, @Nullable GradientTable gold) {
        List<GradientSpheres.Shell> spheres = new ArrayList<>();
        for (int b : shells.values()) {
            if (b > 0) {
                int[] members = shells.volumes(b);
                spheres.add(new GradientSpheres.Shell(
                        b, directions(table, members), gold == null ? null : directions(gold, members)));
            }
        }
        double[] angles = gold == null ? null : TableChecks.angles(table, gold);
        return GradientSpheres.of(scan.request().series(), spheres, angles, TableChecks.ANGLE_TOLERANCE_DEG);
    }

    private static double[][] directions(GradientTable table, int[] members) {
        return Arrays.stream(members).mapToObj(v -> table.bvecs()[v]).toArray(double[][]::new);
    }

    /** <a href="{@docRoot}/../docs/qc-specification.md#V7">V7</a>, volumes by shell and then by time, b-value and motion on top. */
    private static Picture dropouts(
            ScanData scan, Shells shells, SliceDropoutDetector.Result dropouts, int multiband, Findings findings) {
        int[][] marks = dropouts.lost().stream()
                .filter(l -> l.severity() == Severity.FLAG)
                .map(l -> new int[] {l.slice(), l.volume()})
                .toArray(int[][]::new);
        double[][] gain = Arrays.stream(dropouts.lossPercent())
                .map(row -> Arrays.stream(row).map(x -> -x).toArray())
                .toArray(double[][]::new);
        int[] b = shells.b();
        int[] order = IntStream.range(0, b.length)
                .boxed()
                .sorted(Comparator.comparingInt(v -> b[v]))
                .mapToInt(Integer::intValue)
                .toArray();
        double top = Scale.round(Math.max(1000, Arrays.stream(b).max().orElse(0)));
        HeatMap map = new HeatMap(
                        scan.request().series(), gain, Scale.diverging(LOSS_PCT, "SIGNAL CHANGE %"), Double.NaN)
                .order(order)
                .marks(marks)
                .groups(multiband)
                .strip(
                        String.format(Locale.ROOT, "B 0-%.0f", top),
                        Arrays.stream(b).asDoubleStream().toArray(),
                        Scale.viridis(0, top, "B"));
        TimeCourse fd = findings.courses().get("fd_dwi");
        if (fd != null) {
            map.strip("FD 0-2 MM", fd.values(), Scale.viridis(0, 2, "FD MM"));
        }
        return map.picture(
                "dropout.png",
                "Signal of each slice against its neighbours",
                "Look for blue cells: slices that lost signal; a blue column of every second slice is movement within a volume.");
    }
}
