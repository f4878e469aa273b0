package org.datman.metrics.phantom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.datman.analysis.image.AxisMap;
import org.datman.analysis.image.Volume;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.kind.KindMeasurement;
import org.datman.metrics.kind.Stages;
import org.datman.metrics.model.Findings;
import org.datman.metrics.model.MeasureException;
import org.datman.plots.picture.Picture;
import org.jspecify.annotations.Nullable;

/**
 * The large ACR phantom, eleven axial slices (ACR large phantom guidance; qc specification <a href="{@docRoot}/../docs/qc-specification.md#A.4.4">A.4.4</a>): geometry and slice thickness in slice
 * 1, position in slices 1 and 11, geometry in slice 5, uniformity, ghosting and SNR in slice 7, low-contrast objects in slices 8 to 11.
 * Slice 1 is the end with the dark bar, whichever end of the file that is. Of the sagittal localizer, a single slice, the height is measured.
 */
public final class AcrMeasurement implements KindMeasurement {

    static final int SLICES = 11;
    private static final double DARK_BAR = 0.2;
    private static final double UNIFORM = 0.03;
    private static final List<String> UNIFORMITY = List.of("acr_piu", "acr_psg", "acr_snr", "acr_snr_subtraction");
    private static final List<String> LENGTHS = List.of(
            "acr_length_x",
            "acr_length_y",
            "acr_length_5_x",
            "acr_length_5_y",
            "acr_length_5_rising",
            "acr_length_5_falling");
    private static final List<String> THICKNESS =
            List.of("acr_slice_thickness", "acr_slice_thickness_fwhm", "acr_ramp_lower", "acr_ramp_upper");
    private static final List<String> POSITION = List.of("acr_position_1", "acr_position_11");
    private static final List<String> LOW_CONTRAST =
            List.of("acr_lcod_8", "acr_lcod_9", "acr_lcod_10", "acr_lcod_11", "acr_lcod");

    /**
     * The results, for the pictures; parts are null where not found.
     *
     * @param file index in the file of slices 1 to 11
     * @param outlines of slices 1 to 11
     * @param turned the ramps run along the second in-plane axis
     */
    record Seen(
            int[] file,
            Outline[] outlines,
            @Nullable SliceThickness ramps,
            boolean turned,
            @Nullable SlicePosition first,
            @Nullable SlicePosition last,
            @Nullable LowContrast lowContrast) {}

    @Override
    public List<QcKind> kinds() {
        return List.of(QcKind.ACR);
    }

    @Override
    public List<Picture> measure(ScanData scan, Findings findings, Stages stages) throws MeasureException {
        PhantomImage image = PhantomImage.of(scan, findings, stages);
        Optional<Seen> seen = stages.run("acr", () -> acr(scan, image.volume(), findings));
        return stages.run("pictures", () -> {
            List<Picture> pictures = new ArrayList<>(AcrPictures.of(scan, image.volume(), seen.orElse(null), findings));
            pictures.addAll(image.hardware(scan));
            return pictures;
        });
    }

    private static Optional<Seen> acr(ScanData scan, Volume volume, Findings findings) {
        int axis = scan.axes().slice();
        int n = scan.grid().dim(axis);
        if (n == 1) {
            height(scan, volume, findings);
            return unknown(findings, "not_11_slices");
        }
        findings.unknown("acr_height", "not_a_localizer");
        if (n != SLICES) {
            return unknown(findings, "not_11_slices");
        }
        Outline[] inFile = new Outline[n];
        for (int k = 0; k < n; k++) {
            Outline outline = Outline.of(SliceImage.of(volume, axis, k));
            if (outline == null) {
                return unknown(findings, "empty_slice");
            }
            inFile[k] = outline;
        }
        double front = Uniformity.dark(inFile[0]);
        double back = Uniformity.dark(inFile[n - 1]);
        if (Math.max(front, back) < DARK_BAR) {
            return unknown(findings, "slice_1_not_found");
        }
        boolean reversed = back > front;
        int[] file = IntStream.range(0, n).map(k -> reversed ? n - 1 - k : k).toArray();
        Outline[] slices = Arrays.stream(file).mapToObj(k -> inFile[k]).toArray(Outline[]::new);
        findings.put("acr_first_slice", file[0]);
        lengths(slices, findings);
        SliceThickness along = SliceThickness.of(slices[0]);
        Outline turned = Outline.of(slices[0].plane().turned());
        SliceThickness ramps = along != null || turned == null ? along : SliceThickness.of(turned);
        thickness(ramps, findings);
        int handed = handed(scan);
        int side = SlicePosition.side(slices[SLICES - 1]);
        SlicePosition first = SlicePosition.of(slices[0], side, handed);
        SlicePosition last = SlicePosition.of(slices[SLICES - 1], side, handed);
        findings.putOr("acr_position_1", first == null ? Double.NaN : first.difference(), "bars_not_found");
        findings.putOr("acr_position_11", last == null ? Double.NaN : last.difference(), "bars_not_found");
        uniformity(scan, slices[6], file[6], findings);
        LowContrast lowContrast = LowContrast.of(Arrays.copyOfRange(slices, LowContrast.FIRST_SLICE - 1, SLICES));
        lowContrast(lowContrast, findings);
        return Optional.of(new Seen(file, slices, ramps, along == null, first, last, lowContrast));
    }

    private static void lengths(Outline[] slices, Findings findings) {
        findings.put("acr_length_x", slices[0].lengthU());
        findings.put("acr_length_y", slices[0].lengthV());
        findings.put("acr_length_5_x", slices[4].lengthU());
        findings.put("acr_length_5_y", slices[4].lengthV());
        findings.put("acr_length_5_rising", slices[4].lengthDiagonal(1));
        findings.put("acr_length_5_falling", slices[4].lengthDiagonal(-1));
    }

    private static void thickness(@Nullable SliceThickness ramps, Findings findings) {
        if (ramps == null) {
            findings.unknown(THICKNESS, "ramps_not_found");
            return;
        }
        findings.put("acr_slice_thickness", ramps.thickness());
        findings.put("acr_slice_thickness_fwhm", ramps.thicknessFwhm());
        findings.put("acr_ramp_lower", ramps.lower().guide());
        findings.put("acr_ramp_upper", ramps.upper().guide());
    }

    private static void uniformity(ScanData scan, Outline seventh, int index, Findings findings) {
        if (Uniformity.dark(seventh) > UNIFORM) {
            findings.unknown(UNIFORMITY, "slice_7_is_not_uniform");
            return;
        }
        findings.putOr("acr_piu", Uniformity.piu(seventh), "field_of_view_too_small");
        findings.putOr("acr_psg", Uniformity.psg(seventh), "no_noise_or_no_room_beside_the_phantom");
        findings.putOr("acr_snr", Uniformity.snr(seventh), "squares_do_not_fit");
        if (scan.volumes() < 2) {
            findings.unknown("acr_snr_subtraction", "single_acquisition");
            return;
        }
        SliceImage second = SliceImage.of(scan.series().volume(1), scan.axes().slice(), index);
        findings.putOr("acr_snr_subtraction", Uniformity.snr(seventh, second), "squares_do_not_fit");
    }

    private static void lowContrast(@Nullable LowContrast found, Findings findings) {
        if (found == null) {
            findings.unknown(LOW_CONTRAST, "disc_not_found");
            return;
        }
        int[] spokes = found.spokes();
        for (int n = 0; n < spokes.length; n++) {
            findings.put(LOW_CONTRAST.get(n), spokes[n]);
        }
        findings.put("acr_lcod", Arrays.stream(spokes).sum());
    }

    /** Of a localizer: the length along the patient axis that is not across the phantom's discs, head to foot. */
    private static void height(ScanData scan, Volume volume, Findings findings) {
        int axis = scan.axes().slice();
        AxisMap map = scan.grid().axes();
        Outline outline = Outline.of(SliceImage.of(volume, axis, 0));
        if (map.patientAxis()[axis] == 2 || outline == null) {
            findings.unknown("acr_height", outline == null ? "empty_slice" : "not_a_localizer");
            return;
        }
        int first = axis == 0 ? 1 : 0;
        findings.put("acr_height", map.patientAxis()[first] == 2 ? outline.lengthU() : outline.lengthV());
    }

    /** 1 where u to v turns anticlockwise with the patient's right (in sagittal slices the front) on the left, -1 where clockwise. */
    private static int handed(ScanData scan) {
        AxisMap map = scan.grid().axes();
        int axis = scan.axes().slice();
        int a = axis == 0 ? 1 : 0;
        int b = axis == 2 ? 1 : 2;
        int left = map.patientAxis()[axis] == 0 ? 1 : 0;
        int turn = map.patientAxis()[a] == left ? 1 : -1;
        return -turn * map.sign()[a] * map.sign()[b];
    }

    private static Optional<Seen> unknown(Findings findings, String reason) {
        Stream.of(UNIFORMITY, LENGTHS, THICKNESS, POSITION, LOW_CONTRAST, List.of("acr_first_slice"))
                .forEach(keys -> findings.unknown(keys, reason));
        return Optional.empty();
    }
}
