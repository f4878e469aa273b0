package org.datman.metrics.dwi;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.datman.analysis.image.SomeVolumes;
import org.datman.analysis.image.Volume;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Masks;
import org.datman.analysis.motion.RegistrationException;
import org.datman.analysis.spike.KSpaceSpikes;
import org.datman.contracts.metric.QcKind;
import org.datman.contracts.study.Severity;
import org.datman.metrics.common.AllKinds;
import org.datman.metrics.common.Background;
import org.datman.metrics.common.EmptyImage;
import org.datman.metrics.common.ImageMetrics;
import org.datman.metrics.common.OddVolumes;
import org.datman.metrics.common.StorageScan;
import org.datman.metrics.common.VolumeCount;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.kind.KindMeasurement;
import org.datman.metrics.kind.Stages;
import org.datman.metrics.model.Findings;
import org.datman.metrics.model.MeasureException;
import org.datman.metrics.verdict.QcConfig;
import org.datman.plots.picture.Mosaic;
import org.datman.plots.picture.Picture;
import org.datman.plots.report.Flag;
import org.datman.plots.report.TimeCourse;
import org.jspecify.annotations.Nullable;

/** Measures a diffusion series: gradient table, lost slices and volumes, motion, neighbour correlation, drift, noise, tensor. */
public final class DwiMeasurement implements KindMeasurement {

    private static final int FEWEST_VOXELS = 200;

    @Override
    public List<QcKind> kinds() {
        return List.of(QcKind.DWI);
    }

    @Override
    public List<Picture> measure(ScanData scan, Findings findings, Stages stages) throws MeasureException {
        findings.put("n_volumes", scan.volumes());
        VolumeCount.check(scan, findings);
        stages.run("storage", () -> StorageScan.measure(scan, findings));
        GradientTable whole =
                stages.run("gradients", () -> table(scan, findings)).orElse(null);
        if (whole == null) {
            findings.unknown("n_trace_volumes", "no_gradient_table");
            return measure(scan, null, findings, stages);
        }
        int trace = whole.traceVolumes();
        findings.put("n_trace_volumes", trace);
        if (trace == 0) {
            return measure(scan, whole, findings, stages);
        }
        // Computed from the others: in a fit they would count twice, with a direction that they do not have.
        int acquired = scan.volumes() - trace;
        ScanData without = scan.of(
                new SomeVolumes(scan.series(), IntStream.range(0, acquired).toArray()));
        return measure(without, whole.first(acquired), findings, stages);
    }

    private static List<Picture> measure(ScanData scan, @Nullable GradientTable table, Findings findings, Stages stages)
            throws MeasureException {
        if (table != null && table.bvecs().length == table.bvals().length) {
            TableChecks.values(table, Shells.of(table.bvals())).forEach(findings::flag);
        }
        Shells shells = shells(scan, table, findings);
        // Without b-values it is unknown which volumes should be alike.
        int[] alike = table == null ? OddVolumes.run(scan.volumes(), scan.volumes()) : shells.b();
        stages.run("odd_volumes", () -> OddVolumes.of(scan.series(), alike, OddVolumes.ONE_CONTRAST)
                .flag(findings));
        // Its directions are of use where every volume has one.
        GradientTable directed = table != null && table.bvecs().length == scan.volumes() ? table : null;
        double[][] bvecs = directed == null ? null : directed.bvecs();
        GradientTable gold =
                stages.run("gradients", () -> gold(scan, directed, findings)).orElse(null);
        if (directed == null) {
            DwiFindings.noDirections(findings, table == null ? "no_gradient_table" : "gradient_table_count");
        } else {
            DwiFindings.table(directed, shells, findings);
        }
        // Without unweighted volumes the least weighted ones show the brain best.
        int lowest = shells.values()[0];
        Volume mean = stages.run("mean", () -> ImageMetrics.mean(scan.series(), shells.volumes(lowest)));
        Volume single = scan.series().volume(shells.volumes(lowest)[0]);
        Mask automask = stages.run("masks", () -> Masks.automask(scan.grid(), mean.data(), 0.5, 1));
        EmptyImage.refuse(automask, "object");
        stages.run("image", () -> {
            Background air = Background.of(Masks.airAround(automask, scan.axes().phase()), single.data());
            AllKinds.measure(scan, single.data(), mean.data(), automask, Masks.inner(automask), air, findings);
            if (table == null) {
                ShellImages.unknown(findings);
            } else {
                ShellImages.measure(scan, shells, mean, automask, air, findings);
            }
        });
        int sliceAxis = scan.axes().slice();
        BrainMask brain = stages.run("brain", () -> BrainMask.of(scan.grid(), mean.data(), sliceAxis));
        findings.put("mask_quality", brain.quality(), brain.mask().id(), brain.voxels());
        if (brain.voxels() < FEWEST_VOXELS) {
            DwiFindings.noBrain(findings);
            return Mosaic.all(scan, mean);
        }
        stages.run("motion", () -> motion(scan, shells, brain, findings));
        MaskedData data = stages.run(
                "masked", () -> MaskedData.of(scan.series(), brain.mask().in(), sliceAxis));
        SliceDropoutDetector.Result dropouts = stages.run("dropout", () -> {
            TimeCourse fd = findings.courses().get("fd_dwi");
            return SliceDropoutDetector.detect(
                    SliceSignal.of(data),
                    shells,
                    bvecs,
                    fd == null ? unknown(scan.volumes()) : fd.values(),
                    SliceDropoutDetector.Gates.DEFAULT,
                    !brain.lowQuality());
        });
        DwiFindings.dropouts(dropouts, shells, multiband(scan), brain, table != null, findings);
        VolumeOutliers outliers = stages.run("volumes", () -> VolumeOutliers.of(data, shells, bvecs));
        DwiFindings.volumes(outliers, shells, brain, table != null, findings);
        TensorFit tensor = null;
        if (directed != null) {
            stages.run(
                    "correlation",
                    () -> DwiFindings.correlation(
                            NeighbourCorrelation.of(data, directed.bvals(), directed.bvecs()), brain, findings));
            tensor = stages.run("tensor", () -> DwiFindings.tensor(data, directed, shells, brain, findings))
                    .orElse(null);
        }
        stages.run(
                "noise",
                () -> DwiFindings.noise(scan.series(), data, shells, mean, brain, coils(scan, findings), findings));
        if (directed != null) {
            CallosumSnr.measure(data, directed, shells, tensor, findings);
        }
        KSpaceSpikes spikes = stages.run("spikes", () -> DwiFindings.spikes(scan, table, shells, findings))
                .orElse(null);
        return stages.run("pictures", () -> {
            int[] b0 = shells.volumes(0);
            if (b0.length > 1) {
                findings.noise(DwiPictures.change(scan, b0));
            }
            List<Picture> all = new ArrayList<>(
                    DwiPictures.of(scan, mean, shells, dropouts, multiband(scan), brain, spikes, findings));
            if (directed != null) {
                all.add(DwiPictures.gradients(scan, directed, shells, gold));
            }
            return all;
        });
    }

    /** The gradient table with its flags; none when there is none that can be read. */
    private static Optional<GradientTable> table(ScanData scan, Findings findings) throws MeasureException {
        Path bval = scan.request().bval();
        Path bvec = scan.request().bvec();
        if (bval == null || bvec == null) {
            findings.flag(TableChecks.flag(
                    Severity.FLAG, null, "missing", Map.of("bval_given", bval != null, "bvec_given", bvec != null)));
            return Optional.empty();
        }
        try {
            GradientTable table = GradientTable.read(bval, bvec);
            List<Flag> flags = new ArrayList<>();
            TableChecks.counts(table, scan.volumes(), flags);
            flags.forEach(findings::flag);
            return table.bvals().length == scan.volumes() ? Optional.of(table) : Optional.empty();
        } catch (GradientTableException e) {
            findings.flag(TableChecks.flag(
                    Severity.FLAG, null, "unreadable", Map.of("problem", String.valueOf(e.getMessage()))));
            return Optional.empty();
        }
    }

    /** The gold table, when one is given that has as many rows; its differences are flagged. */
    private static Optional<GradientTable> gold(ScanData scan, @Nullable GradientTable table, Findings findings) {
        Path bval = scan.request().references().goldBval();
        Path bvec = scan.request().references().goldBvec();
        if (bval == null || bvec == null || table == null) {
            findings.unknown("gradient_angle_max", table == null ? "no_directions" : "no_gold_table");
            return Optional.empty();
        }
        try {
            GradientTable set = GradientTable.read(bval, bvec);
            GradientTable gold = set.first(set.bvals().length - set.traceVolumes());
            TableChecks.gold(table, gold).forEach(findings::flag);
            if (gold.bvals().length != table.bvals().length || gold.bvecs().length != table.bvecs().length) {
                findings.unknown("gradient_angle_max", "gold_table_count");
                return Optional.empty();
            }
            double worst = Arrays.stream(TableChecks.angles(table, gold))
                    .filter(Double::isFinite)
                    .max()
                    .orElse(Double.NaN);
            if (Double.isNaN(worst)) {
                findings.unknown("gradient_angle_max", "no_weighted_volumes");
            } else {
                findings.put("gradient_angle_max", worst);
            }
            return Optional.of(gold);
        } catch (GradientTableException | MeasureException e) {
            findings.unknown("gradient_angle_max", "gold_table_unreadable");
            findings.flag(TableChecks.flag(
                    Severity.WARN, null, "gold-unreadable", Map.of("problem", String.valueOf(e.getMessage()))));
            return Optional.empty();
        }
    }

    /** Without b-values the weighting is unknown: one group, as if unweighted. */
    private static Shells shells(ScanData scan, @Nullable GradientTable table, Findings findings) {
        Shells shells = Shells.of(table == null ? new double[scan.volumes()] : table.bvals());
        if (table == null) {
            findings.unknown(List.of("n_b0", "n_shells", "b_max"), "no_gradient_table");
        } else {
            findings.put("n_b0", shells.volumes(0).length);
            findings.put(
                    "n_shells",
                    Arrays.stream(shells.values()).filter(b -> b > 0).count());
            findings.put("b_max", shells.values()[shells.values().length - 1]);
        }
        return shells;
    }

    private static void motion(ScanData scan, Shells shells, BrainMask brain, Findings findings) {
        List<String> keys = List.of("fd_b0", "fd_dwi", "abs_disp_max");
        if (scan.request().bval() == null) {
            findings.unknown(keys, "no_gradient_table");
        } else if (scan.volumes() < 2 || shells.volumes(0).length == 0) {
            findings.unknown(keys, scan.volumes() < 2 ? "fewer_than_2_volumes" : "no_b0");
        } else {
            try {
                DwiFindings.motion(DwiMotion.of(scan.series(), shells, brain.mask()), shells, findings);
            } catch (RegistrationException e) {
                findings.unknown(keys, e.reason());
            }
        }
    }

    /** Slices excited at once: from the sidecar, 0 when it does not state them. */
    private static int multiband(ScanData scan) {
        Double factor = scan.sidecar().number("MultibandAccelerationFactor");
        return factor == null ? 0 : (int) Math.round(factor);
    }

    /** Channels of the noise: from the study's configuration, else from the background, else one. */
    private static int coils(ScanData scan, Findings findings) {
        double configured = scan.request().config().option(QcConfig.COILS, Double.NaN);
        Double seen = findings.value("coil_n_eff");
        double n = Double.isFinite(configured) ? configured : seen != null ? seen : 1;
        return (int) Math.max(1, Math.min(64, Math.round(n)));
    }

    private static double[] unknown(int n) {
        double[] all = new double[n];
        Arrays.fill(all, Double.NaN);
        return all;
    }
}
