package org.datman.metrics.input;

import java.util.Locale;
import org.datman.analysis.image.Grid;
import org.datman.imaging.nifti.NiftiHeader;
import org.jspecify.annotations.Nullable;

/**
 * Which file axis the slices are stacked along and which one was phase encoded.
 *
 * @param slice file axis 0, 1 or 2
 * @param phase file axis 0, 1 or 2, or -1 when unknown
 * @param phaseNegative true for {@code j-} and the like; meaningless when the axis or the sign is unknown
 */
public record Axes(int slice, int phase, boolean phaseNegative) {

    /** From sidecar, else NIfTI header, else geometry (slices only). */
    static Axes of(SidecarValues sidecar, NiftiHeader header, Grid grid) {
        String phaseText = sidecar.text("PhaseEncodingDirection");
        if (phaseText == null) {
            phaseText = sidecar.text("PhaseEncodingAxis");
        }
        int phase = axis(phaseText);
        boolean negative = phase >= 0 && phaseText != null && phaseText.trim().endsWith("-");
        if (phase < 0 && header.phaseAxis() > 0) {
            phase = header.phaseAxis() - 1;
        }
        if (phase < 0) {
            phase = inPlane(sidecar.text("InPlanePhaseEncodingDirectionDICOM"));
        }
        return new Axes(slice(sidecar, header, grid), phase, negative);
    }

    private static int slice(SidecarValues sidecar, NiftiHeader header, Grid grid) {
        int axis = axis(sidecar.text("SliceEncodingDirection"));
        if (axis >= 0) {
            return axis;
        }
        if (header.sliceAxis() > 0) {
            return header.sliceAxis() - 1;
        }
        // The largest spacing, k on a tie: scanners make slices thicker than pixels, never thinner.
        int widest = 2;
        for (int a = 1; a >= 0; a--) {
            if (grid.spacing(a) > grid.spacing(widest) * 1.01) {
                widest = a;
            }
        }
        return widest;
    }

    private static int axis(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return -1;
        }
        return switch (text.trim().toLowerCase(Locale.ROOT).charAt(0)) {
            case 'i', 'x' -> 0;
            case 'j', 'y' -> 1;
            case 'k', 'z' -> 2;
            default -> -1;
        };
    }

    /** DICOM's ROW and COL, as dcm2niix stores rows along i and columns along j. */
    private static int inPlane(@Nullable String text) {
        if (text == null) {
            return -1;
        }
        return switch (text.trim().toUpperCase(Locale.ROOT)) {
            case "ROW" -> 0;
            case "COL" -> 1;
            default -> -1;
        };
    }

    /** {@code i}, {@code j} or {@code k}. */
    public String sliceName() {
        return "ijk".substring(slice, slice + 1);
    }

    /** {@code j}, {@code j-} …, or null when unknown. */
    public @Nullable String phaseName() {
        return phase < 0 ? null : "ijk".charAt(phase) + (phaseNegative ? "-" : "");
    }
}
