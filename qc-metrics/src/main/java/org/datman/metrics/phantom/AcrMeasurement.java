package org.datman.metrics.phantom;

import java.util.List;
import org.datman.metrics.KindMeasurement;
import org.datman.metrics.Stages;
import org.datman.metrics.common.AllKinds;
import org.datman.metrics.common.Background;
import org.datman.metrics.common.StorageScan;
import org.datman.metrics.image.Volume;
import org.datman.metrics.input.MeasureException;
import org.datman.metrics.input.Scan;
import org.datman.metrics.mask.Mask;
import org.datman.metrics.mask.Masks;
import org.datman.metrics.model.Findings;
import org.datman.metrics.picture.Mosaic;
import org.datman.metrics.picture.Picture;

/**
 * The large ACR phantom, eleven axial slices (ACR large phantom guidance; qc specification A.4.4): geometry and slice thickness in slice
 * 1, uniformity, ghosting and SNR in slice 7. Slice 1 is the end with the dark bar, whichever end of the file that is.
 */
public final class AcrMeasurement implements KindMeasurement {

    private static final int SLICES = 11;
    private static final double DARK_BAR = 0.2;
    private static final double UNIFORM = 0.03;
    private static final List<String> UNIFORMITY = List.of("acr_piu", "acr_psg", "acr_snr");
    private static final List<String> GEOMETRY =
            List.of("acr_length_x", "acr_length_y", "acr_length_5_x", "acr_length_5_y", "acr_slice_thickness");

    @Override
    public List<String> kinds() {
        return List.of("acr");
    }

    @Override
    public List<Picture> measure(Scan scan, Findings findings, Stages stages) throws MeasureException {
        findings.put("n_volumes", scan.volumes());
        stages.run("storage", () -> {
            StorageScan.measure(scan, findings);
            return null;
        });
        Volume first = scan.series().volume(0);
        Mask automask = Masks.automask(scan.grid(), first.data(), 0.5, 0);
        if (automask.count() < 50) {
            throw new MeasureException("the image holds no phantom brighter than its background (" + automask.count()
                    + " voxels above the clip level); is this series empty?");
        }
        stages.run("image", () -> {
            Background air = Background.of(
                    Masks.airAround(
                            Masks.object(automask, first.data()), scan.axes().phase()),
                    first.data());
            AllKinds.measure(scan, first.data(), first.data(), automask, Masks.inner(automask), air, findings);
            return null;
        });
        stages.run("acr", () -> {
            acr(scan, first, findings);
            return null;
        });
        return stages.run("pictures", () -> Mosaic.all(scan, first));
    }

    private static void acr(Scan scan, Volume volume, Findings findings) {
        int axis = scan.axes().slice();
        int n = scan.grid().dim(axis);
        if (n != SLICES) {
            unknown(findings, "not_11_slices");
            return;
        }
        Outline[] outlines = new Outline[n];
        for (int k = 0; k < n; k++) {
            outlines[k] = Outline.of(Plane.of(volume, axis, k));
            if (outlines[k] == null) {
                unknown(findings, "empty_slice");
                return;
            }
        }
        double front = Uniformity.dark(outlines[0]);
        double back = Uniformity.dark(outlines[n - 1]);
        if (Math.max(front, back) < DARK_BAR) {
            unknown(findings, "slice_1_not_found");
            return;
        }
        boolean reversed = back > front;
        findings.put("acr_first_slice", reversed ? n - 1 : 0);
        geometry(outlines[reversed ? n - 1 : 0], outlines[reversed ? n - 5 : 4], findings);
        Outline seventh = outlines[reversed ? n - 7 : 6];
        if (Uniformity.dark(seventh) > UNIFORM) {
            findings.unknown(UNIFORMITY, "slice_7_is_not_uniform");
            return;
        }
        put(findings, "acr_piu", Uniformity.piu(seventh), "field_of_view_too_small");
        put(findings, "acr_psg", Uniformity.psg(seventh), "no_noise_or_no_room_beside_the_phantom");
        put(findings, "acr_snr", Uniformity.snr(seventh), "squares_do_not_fit");
    }

    private static void geometry(Outline slice1, Outline slice5, Findings findings) {
        findings.put("acr_length_x", slice1.lengthU());
        findings.put("acr_length_y", slice1.lengthV());
        findings.put("acr_length_5_x", slice5.lengthU());
        findings.put("acr_length_5_y", slice5.lengthV());
        Ramps ramps = Ramps.of(slice1);
        put(findings, "acr_slice_thickness", ramps == null ? Double.NaN : ramps.thickness(), "ramps_not_found");
    }

    private static void put(Findings findings, String key, double value, String reason) {
        if (Double.isFinite(value)) {
            findings.put(key, value);
        } else {
            findings.unknown(key, reason);
        }
    }

    private static void unknown(Findings findings, String reason) {
        findings.unknown(UNIFORMITY, reason);
        findings.unknown(GEOMETRY, reason);
        findings.unknown("acr_first_slice", reason);
    }
}
