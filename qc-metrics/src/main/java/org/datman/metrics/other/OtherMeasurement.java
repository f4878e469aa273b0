package org.datman.metrics.other;

import java.util.List;
import org.datman.analysis.image.Volume;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Masks;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.common.AllKinds;
import org.datman.metrics.common.Background;
import org.datman.metrics.common.OddVolumes;
import org.datman.metrics.common.StorageScan;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.kind.KindMeasurement;
import org.datman.metrics.kind.Stages;
import org.datman.metrics.model.Findings;
import org.datman.metrics.model.MeasureException;
import org.datman.plots.picture.Mosaic;
import org.datman.plots.picture.Picture;

/** Measures the all-kinds keys on the first volume. */
public final class OtherMeasurement implements KindMeasurement {

    private static final List<String> NEED_AN_OBJECT = List.of(
            "sigma_bg",
            "coil_n_eff",
            "sigma_img",
            "sigma_ratio",
            "efc",
            "fber",
            "fwhm_x",
            "fwhm_y",
            "fwhm_z",
            "fwhm_avg");

    @Override
    public List<QcKind> kinds() {
        return List.of(QcKind.OTHER);
    }

    @Override
    public List<Picture> measure(ScanData scan, Findings findings, Stages stages) throws MeasureException {
        findings.put("n_volumes", scan.volumes());
        stages.run("storage", () -> StorageScan.measure(scan, findings));
        if (scan.volumes() > 1) {
            stages.run("odd_volumes", () -> OddVolumes.of(
                            scan.series(), OddVolumes.inner(scan.volumes()), OddVolumes.ANY_CONTRAST)
                    .flag(findings));
        }
        Volume first = scan.series().volume(0);
        if (PhaseImage.is(scan.sidecar())) {
            // Noise of air, energy and object of a magnitude do not apply to angles.
            findings.unknown(NEED_AN_OBJECT, "phase_image");
            stages.run("phase", () -> PhaseImage.measure(first.grid(), first.data(), findings));
            return stages.run("pictures", () -> Mosaic.all(scan, first));
        }
        findings.unknown(PhaseImage.KEYS, "no_phase_image");
        stages.run("image", () -> image(scan, first, findings));
        return stages.run("pictures", () -> Mosaic.all(scan, first));
    }

    private static void image(ScanData scan, Volume first, Findings findings) {
        Mask object = Masks.automask(scan.grid(), first.data(), 0.5, 1);
        if (object.count() < 50) {
            findings.unknown(NEED_AN_OBJECT, "no_object");
            return;
        }
        Background air = Background.of(
                Masks.airAround(Masks.object(object, first.data()), scan.axes().phase()), first.data());
        AllKinds.measure(scan, first.data(), first.data(), object, Masks.inner(object), air, findings);
    }
}
