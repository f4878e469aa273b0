package org.datman.metrics.dwi;

import java.util.Arrays;
import java.util.List;
import org.datman.analysis.image.Volume;
import org.datman.analysis.mask.Mask;
import org.datman.metrics.common.Background;
import org.datman.metrics.common.ImageMetrics;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.model.Findings;

/** Image quality of the mean image of each shell; as time courses, each volume with its shell's value. */
final class ShellImages {

    private ShellImages() {}

    /**
     * Adds {@code efc_shell} and {@code fber_shell}: time courses, and as metrics the worst of the weighted shells.
     *
     * @param mean the mean of the lowest shell, which is known already
     */
    static void measure(ScanData scan, Shells shells, Volume mean, Mask object, Background air, Findings findings) {
        double[] efc = new double[scan.volumes()];
        double[] fber = new double[scan.volumes()];
        double largest = Double.NEGATIVE_INFINITY;
        double least = Double.POSITIVE_INFINITY;
        for (int b : shells.values()) {
            float[] image = b == shells.values()[0]
                    ? mean.data()
                    : ImageMetrics.mean(scan.series(), shells.volumes(b)).data();
            double entropy = ImageMetrics.efc(image, ImageMetrics.padding(scan.grid(), image));
            double energy = air.reason() == null ? ImageMetrics.fber(image, object, air.air()) : Double.NaN;
            for (int v : shells.volumes(b)) {
                efc[v] = entropy;
                fber[v] = energy;
            }
            if (b > 0) {
                largest = Math.max(largest, Double.isFinite(entropy) ? entropy : largest);
                least = Math.min(least, Double.isFinite(energy) ? energy : least);
            }
        }
        findings.course("efc_shell", efc);
        findings.putOr("efc_shell", largest, "no_weighted_volume");
        if (Arrays.stream(fber).anyMatch(Double::isFinite)) {
            findings.course("fber_shell", fber);
        }
        findings.putOr("fber_shell", least, air.air(), air.reason() == null ? "no_weighted_volume" : air.reason());
    }

    /** Without a table that groups the volumes. */
    static void unknown(Findings findings) {
        findings.unknown(List.of("efc_shell", "fber_shell"), "no_gradient_table");
    }
}
