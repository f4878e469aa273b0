package org.datman.metrics.anat;

import java.util.ArrayList;
import java.util.List;
import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.BrainSurface;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.stats.Statistics;
import org.datman.metrics.common.Background;
import org.datman.metrics.common.ChiNoise;
import org.datman.metrics.model.Findings;
import org.jspecify.annotations.Nullable;

/**
 * Receive field and tissue of a brain. Tissue is named only when the mask is closed all around, the brain has a human volume, and
 * classes and fractions are those of a brain; else every number is null with the reason that failed.
 */
final class TissueMetrics {

    private static final String[] NAMES = {"csf", "gm", "wm"};
    private static final double DEEP_MM = 12;
    /** Median of the deep part over the median of all: 1.03 and more on T1, 1.0 and less on T2, diffusion and EPI. */
    private static final double LEAST_DEEP = 1.02;
    /**
     * Masks of people's heads are open at a fifth of their surface at most, at the brain stem, the optic nerves and thin bone, and at 0.28 in
     * slices of 4.8 mm; those that leak, and objects that are no heads, at 0.58 and more. This is in the middle, as ratios go.
     */
    static final double MOST_OPEN = 0.4;

    private static final double LEAST_LITRES = 0.7;
    /** Volume of a large man's skull; 1.86 in slices of 4.8 mm, 2.05 and more where the mask leaks. */
    static final double MOST_LITRES = 2.0;

    private TissueMetrics() {}

    /** All keys that are behind the gate. */
    static List<String> keys() {
        List<String> keys = new ArrayList<>(List.of("cjv", "cnr", "cortical_contrast", "snr_total", "snr_qap"));
        for (String name : NAMES) {
            for (String family : List.of("snr_", "snrd_", "icvs_", "rpve_")) {
                keys.add(family + name);
            }
            keys.addAll(ClassSummary.keys(name));
        }
        return keys;
    }

    static void measure(float[] image, BrainSurface surface, Background air, double coils, Findings findings) {
        Mask brain = surface.mask();
        Grid grid = brain.grid();
        int voxels = brain.count();
        double litres = voxels * grid.voxelVolume() / 1e6;
        findings.put("brain_volume", litres, brain.id(), voxels);
        findings.putOr("brain_open", surface.open(), brain, "no_brain");
        BrainBlocks blocks = BrainBlocks.of(grid, image, brain);
        BiasField field = BiasField.of(blocks);
        if (field == null) {
            findings.unknown(List.of("inu_range", "inu_med", "segmentation_dprime"), "no_brain");
            findings.unknown(keys(), "no_brain");
            return;
        }
        TissueSegmentation tissue = TissueSegmentation.of(blocks, field);
        double[] relative = field.relative();
        int n = relative.length;
        double range = Statistics.quantile(relative, 0.95) - Statistics.quantile(relative, 0.05);
        findings.put("inu_range", range, brain.id(), n);
        findings.put("inu_med", Statistics.median(relative), brain.id(), n);
        findings.put("segmentation_dprime", tissue.separation(), brain.id(), tissue.count());
        String doubt = doubt(surface.open(), litres, tissue);
        // The middle of a brain is mostly white matter; where it is not brighter than the whole, the classes are not in
        // this order.
        if (doubt == null && !(field.deepOverAll(DEEP_MM) > LEAST_DEEP)) {
            doubt = "not_t1_weighted";
        }
        if (doubt != null) {
            findings.unknown(keys(), doubt);
            return;
        }
        double unit = field.unit();
        put(tissue, unit, air, coils, brain.id(), findings);
        if (air.reason() == null) {
            double spread = Statistics.sd(air.air().values(image), 1);
            findings.put("snr_qap", tissue.mean()[1] * unit / spread, brain.id(), tissue.count());
        } else {
            findings.unknown("snr_qap", air.reason());
        }
    }

    /** Why tissue must not be named; null when it may be. */
    static @Nullable String doubt(double open, double litres, TissueSegmentation tissue) {
        if (!(open <= MOST_OPEN)) {
            return "brain_mask_leaks";
        }
        if (litres < LEAST_LITRES || litres > MOST_LITRES) {
            return "brain_volume_implausible";
        }
        return tissue.confident() ? null : "segmentation_unreliable";
    }

    private static void put(
            TissueSegmentation tissue, double unit, Background air, double coils, String mask, Findings findings) {
        int n = tissue.count();
        double[] m = tissue.mean();
        ClassSummary[] summaries = tissue.summaries();
        ClassSummary grey = summaries[1];
        ClassSummary white = summaries[2];
        double contrast = Math.abs(white.median() - grey.median());
        findings.put("cjv", (white.mad() + grey.mad()) / contrast, mask, n);
        findings.put("cortical_contrast", (m[2] - m[1]) / ((m[2] + m[1]) / 2), mask, n);
        String noAir = air.reason();
        double noise = air.sigma() / unit;
        if (noAir == null) {
            double airSd = noise * ChiNoise.sd(air.coils());
            double all = airSd * airSd + white.sd() * white.sd() + grey.sd() * grey.sd();
            findings.put("cnr", contrast / Math.sqrt(all), mask, n);
        } else {
            findings.unknown("cnr", noAir);
        }
        double perChannel = noise * ChiNoise.sd(air.coils()) / ChiNoise.sd(Math.max(1, coils));
        double total = 0;
        for (int c = 0; c < 3; c++) {
            String name = NAMES[c];
            double snr = summaries[c].median() / summaries[c].sd();
            total += snr;
            findings.put("snr_" + name, snr, mask, n);
            if (noAir == null) {
                findings.put("snrd_" + name, m[c] / perChannel, mask, n);
            } else {
                findings.unknown("snrd_" + name, noAir);
            }
            findings.put("icvs_" + name, tissue.fraction()[c], mask, n);
            findings.put("rpve_" + name, tissue.mixed()[c], mask, n);
            summaries[c].put(name, 1000 / summaries[2].median(), mask, n, findings);
        }
        findings.put("snr_total", total / 3, mask, n);
    }
}
