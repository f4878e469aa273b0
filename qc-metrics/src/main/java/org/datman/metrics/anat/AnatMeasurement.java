package org.datman.metrics.anat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.datman.analysis.image.AxisMap;
import org.datman.analysis.image.Gradient;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Volume;
import org.datman.analysis.mask.BrainSurface;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Masks;
import org.datman.analysis.mask.Morphology;
import org.datman.analysis.mask.Morphology.Neighbours;
import org.datman.analysis.mask.Threshold;
import org.datman.analysis.noise.StructuredNoise;
import org.datman.analysis.spike.Herringbone;
import org.datman.analysis.stats.Statistics;
import org.datman.contracts.metric.QcKind;
import org.datman.contracts.study.Severity;
import org.datman.metrics.common.AllKinds;
import org.datman.metrics.common.Background;
import org.datman.metrics.common.ChiNoise;
import org.datman.metrics.common.HardwareView;
import org.datman.metrics.common.ImageMetrics;
import org.datman.metrics.common.StorageScan;
import org.datman.metrics.common.StructuredFindings;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.kind.KindMeasurement;
import org.datman.metrics.kind.Stages;
import org.datman.metrics.model.Findings;
import org.datman.metrics.model.MeasureException;
import org.datman.metrics.verdict.QcConfig;
import org.datman.plots.picture.Mosaic;
import org.datman.plots.picture.Picture;
import org.datman.plots.report.Flag;

/** Measures an anatomical image (the first volume, should there be several). */
public final class AnatMeasurement implements KindMeasurement {

    private static final double WHOLE_HEAD_MM = 120;
    /** Smaller brains occur in the first weeks of life only. */
    private static final double SMALLEST_BRAIN_LITRES = 0.45;

    private static final double ZIPPER_Z = 15;
    private static final double FEWEST_STEPS = 1.5;
    private static final double CUT_OFF = 0.02;
    private static final int MOST_AIR = 300_000;

    @Override
    public List<QcKind> kinds() {
        return List.of(QcKind.ANAT);
    }

    @Override
    public List<Picture> measure(ScanData scan, Findings findings, Stages stages) throws MeasureException {
        stages.run("storage", () -> StorageScan.measure(scan, findings));
        Volume volume = scan.series().volume(0);
        Grid grid = scan.grid();
        float[] image = volume.data();
        Mask head = stages.run("head", () -> Masks.head(grid, image));
        if (head.count() < 1000) {
            throw new MeasureException("the image holds no head (" + head.count()
                    + " voxels above the background); is this series empty, or not anatomical?");
        }
        BrainSurface surface = stages.run("brain", () -> BrainSurface.of(head, image));
        Mask brain = surface.mask();
        Mask inside = Morphology.erode(brain, Neighbours.FACES_6, 1).named("brain_surface_e1");
        Mask candidates = stages.run("air", () -> Masks.air(head));
        String bright = DarkBackground.missing(scan.sidecar(), grid, image);
        Background air = stages.run(
                "noise",
                () -> bright == null ? Background.of(candidates, image) : Background.unknown(candidates, bright));
        stages.run(
                "image",
                () -> AllKinds.measure(scan, image, image, head, inside.count() > 500 ? inside : head, air, findings));
        stages.run("core", () -> core(scan, image, head, brain, air, findings));
        Optional<AirHistogram> histogram =
                stages.run("background", () -> background(scan, image, head, air, candidates, findings));
        stages.run("tissue", () -> {
            TissueMetrics.measure(image, surface, air, coils(scan, air), findings);
            noBrain(grid, findings);
        });
        Optional<Herringbone> wave = stages.run("structured_noise", () -> structured(scan, image, head, air, findings));
        return stages.run("pictures", () -> {
            List<Picture> pictures = new ArrayList<>(Mosaic.all(scan, volume));
            histogram.ifPresent(found -> pictures.add(found.picture(scan, air)));
            wave.ifPresent(found -> pictures.addAll(HardwareView.ofAir(scan, image, candidates, found)));
            return pictures;
        });
    }

    /** An image that is large enough for a brain and contains none of a person's size: a fruit, a bottle, an empty coil. A slab need not. */
    private static void noBrain(Grid grid, Findings findings) {
        Double litres = findings.value("brain_volume");
        boolean large = true;
        for (int axis = 0; axis < 3; axis++) {
            large &= grid.dim(axis) * grid.spacing(axis) >= WHOLE_HEAD_MM;
        }
        if (large && litres != null && litres < SMALLEST_BRAIN_LITRES) {
            findings.flag(new Flag("no-brain", null, null, Severity.WARN, Map.of("litres", litres)));
        }
    }

    /** Patterned noise of the air, ringing at the edge; none without air. */
    private static Optional<Herringbone> structured(
            ScanData scan, float[] image, Mask head, Background air, Findings findings) {
        Grid grid = scan.grid();
        double ringing = Double.NaN;
        for (int axis = 0; axis < 3; axis++) {
            if (axis != scan.axes().slice()) {
                double along = StructuredNoise.ringing(grid, image, head, axis);
                ringing = Double.isNaN(ringing) ? along : Math.max(ringing, along);
            }
        }
        findings.putOr("ringing_index", ringing, head, "too_little_air_beside_the_head");
        if (air.reason() != null) {
            StructuredFindings.unknown(air.reason(), findings);
            return Optional.empty();
        }
        Herringbone wave =
                Herringbone.of(grid, image, air.candidates(), scan.axes().slice());
        StructuredFindings.measure(scan, image, air, wave, ZIPPER_Z, findings);
        return Optional.of(wave);
    }

    private static void core(ScanData scan, float[] image, Mask head, Mask brain, Background air, Findings findings) {
        Grid grid = scan.grid();
        float[] gradient = Gradient.magnitude(grid, image);
        Mask core = Core.of(grid, image, gradient, brain);
        int n = core.count();
        if (n == 0) {
            findings.unknown(List.of("snr_core", "snrd_total", "wm2max", "edge_sharpness"), "no_brain_core");
            findings.unknown(ClassSummary.keys("bg"), "no_brain_core");
            return;
        }
        double level = Statistics.median(core.values(image));
        Double sigma = findings.value("sigma_img");
        if (sigma == null) {
            findings.unknown("snr_core", "no_noise_inside");
        } else {
            findings.put("snr_core", level / sigma, "core", n);
        }
        if (air.reason() == null) {
            // The configured number of coils changes the noise per channel that the air's spread represents.
            double perChannel = air.sigma() * ChiNoise.sd(air.coils()) / ChiNoise.sd(Math.max(1, coils(scan, air)));
            findings.put("snrd_total", level / perChannel, "core", n);
            air(image, air, level, findings);
        } else {
            findings.unknown("snrd_total", air.reason());
            findings.unknown(ClassSummary.keys("bg"), air.reason());
        }
        findings.put("wm2max", level / Statistics.quantile(image, 0.9995), "core", n);
        Mask rim = head.andNot(Morphology.erode(head, Neighbours.FACES_6, 3), "head_rim");
        findings.put("edge_sharpness", Statistics.quantile(rim.values(gradient), 0.9) / level, "head_rim", rim.count());
    }

    /** The air where the brain's core is 1000. */
    private static void air(float[] image, Background air, double level, Findings findings) {
        float[] all = air.air().values(image);
        // Percentiles of more voxels would not differ in their third digit.
        int step = Math.max(1, all.length / MOST_AIR);
        double[] some = IntStream.iterate(0, v -> v < all.length, v -> v + step)
                .mapToDouble(v -> all[v])
                .sorted()
                .toArray();
        double[] each = new double[some.length];
        Arrays.fill(each, (double) all.length / some.length);
        ClassSummary.of(some, each).put("bg", 1000 / level, air.air().id(), all.length, findings);
    }

    /** As configured; else estimated from the air. */
    private static double coils(ScanData scan, Background air) {
        return scan.request().config().option(QcConfig.COILS, air.coils());
    }

    /** The air's histogram, where there is one. */
    private static Optional<AirHistogram> background(
            ScanData scan, float[] image, Mask head, Background air, Mask candidates, Findings findings) {
        geometry(scan, image, air, findings);
        List<String> keys = List.of("qi1", "qi2", "bg_anisotropy");
        if (air.reason() != null) {
            findings.unknown(keys, air.reason());
            return Optional.empty();
        }
        anisotropy(scan, image, head, candidates, findings);
        return structure(scan, image, air, candidates, findings);
    }

    /** QI1 and QI2; both need noise that the storage resolves: on whole numbers a sigma of one step has no histogram. */
    private static Optional<AirHistogram> structure(
            ScanData scan, float[] image, Background air, Mask candidates, Findings findings) {
        ScanData.Storage storage = scan.storage();
        if (storage.integral() && air.sigma() < FEWEST_STEPS * Math.abs(storage.slope())) {
            findings.unknown(List.of("qi1", "qi2"), "air_noise_below_storage_step");
            return Optional.empty();
        }
        AirArtefacts artefacts = AirArtefacts.of(candidates, image);
        findings.put("qi1", artefacts.share(), candidates.id(), artefacts.air());
        AirHistogram histogram = AirHistogram.of(air.air().values(image));
        if (histogram == null || !Double.isFinite(histogram.misfit())) {
            findings.unknown("qi2", "too_little_air");
            return Optional.empty();
        }
        findings.put("qi2", histogram.misfit(), "air", air.air().count());
        return Optional.of(histogram);
    }

    /** Wrap along phase encoding (along the worse in-plane axis when it is unknown) and a head that reaches the upper face. */
    private static void geometry(ScanData scan, float[] image, Background air, Findings findings) {
        Grid grid = scan.grid();
        String noAir = air.reason();
        if (noAir != null && DarkBackground.REASONS.contains(noAir)) {
            // Where air is as bright as the head, the end of the head cannot be found.
            findings.unknown(List.of("wrap_fraction", "fov_truncation_top"), noAir);
            return;
        }
        Mask above = Mask.above(grid, image, 0.3 * Threshold.otsu(image), "object");
        Mask object = Morphology.open(above, Neighbours.FACES_6, 1);
        // Opening removes the outermost voxels of the grid; grow back to the faces, where they are bright.
        Mask whole = Morphology.dilate(object, Neighbours.FACES_6, 1).and(above, "object");
        double wrap = 0;
        for (int axis = 0; axis < 3; axis++) {
            boolean candidate = scan.axes().phase() >= 0
                    ? axis == scan.axes().phase()
                    : axis != scan.axes().slice();
            if (candidate) {
                wrap = Math.max(wrap, ImageMetrics.wrapFraction(whole, axis));
            }
        }
        findings.put("wrap_fraction", wrap, "object", whole.count());
        if (!grid.oriented()) {
            findings.unknown("fov_truncation_top", "orientation_unknown");
            return;
        }
        AxisMap axes = grid.axes();
        int s = axes.fileAxis(2);
        int n = grid.dim(s);
        int[] section = new int[n];
        // Not the head mask: closing it bridges the gap between a head and the edge of the field of view.
        Mask largest = Morphology.largest(object, Neighbours.FACES_6);
        for (int v = 0; v < largest.in().length; v++) {
            section[v / grid.stride(s) % n] += largest.in()[v] ? 1 : 0;
        }
        // Opening removed the outermost layer.
        int top = axes.sign()[s] > 0 ? Math.max(0, n - 2) : Math.min(1, n - 1);
        double cut =
                (double) section[top] / Math.max(1, Arrays.stream(section).max().orElse(1));
        findings.put("fov_truncation_top", cut, "object", largest.count());
        // A slab that is not planned to cover the head is not truncated.
        if (cut > CUT_OFF && n * grid.spacing(s) > 120) {
            findings.flag(new Flag("fov", null, null, Severity.WARN, Map.of("fraction", cut, "face", "superior")));
        }
    }

    /** Energy of the air beside the head along phase encoding over that along readout. */
    private static void anisotropy(ScanData scan, float[] image, Mask head, Mask candidates, Findings findings) {
        int phase = scan.axes().phase();
        if (phase < 0 || phase == scan.axes().slice()) {
            findings.unknown("bg_anisotropy", "phase_encoding_axis_unknown");
            return;
        }
        Grid grid = scan.grid();
        int read = 3 - phase - scan.axes().slice();
        boolean[][] shadow = {shadow(head, read), shadow(head, phase)};
        double[] sum = new double[2];
        int[] count = new int[2];
        for (int v = 0; v < image.length; v++) {
            if (!candidates.in()[v] || image[v] == 0) {
                continue;
            }
            boolean alongPhase = shadow[0][v / grid.stride(read) % grid.dim(read)];
            boolean alongRead = shadow[1][v / grid.stride(phase) % grid.dim(phase)];
            if (alongPhase != alongRead) {
                int which = alongPhase ? 0 : 1;
                sum[which] += (double) image[v] * image[v];
                count[which]++;
            }
        }
        if (count[0] < 100 || count[1] < 100 || sum[1] == 0) {
            findings.unknown("bg_anisotropy", "too_little_air");
        } else {
            findings.put(
                    "bg_anisotropy", sum[0] / count[0] / (sum[1] / count[1]), candidates.id(), count[0] + count[1]);
        }
    }

    /** Positions along {@code other} at which the head has voxels. */
    private static boolean[] shadow(Mask head, int other) {
        Grid g = head.grid();
        boolean[] covered = new boolean[g.dim(other)];
        for (int v = 0; v < head.in().length; v++) {
            if (head.in()[v]) {
                covered[v / g.stride(other) % g.dim(other)] = true;
            }
        }
        return covered;
    }
}
