package org.datman.export.dicom;

import java.util.Arrays;
import java.util.List;
import org.datman.contracts.study.Part;

/**
 * One slice of one volume, with the position in its header: a classic image, or a frame of a multi-frame one.
 *
 * @param position ImagePositionPatient, mm
 * @param orientation ImageOrientationPatient, six cosines
 * @param timePoint TemporalPositionIdentifier or TemporalPositionIndex; empty when missing
 * @param diffusion b-value and direction in one text; empty when missing
 * @param echoTime in ms; 0 when missing
 * @param part which part of a complex image
 */
public record SlicePlane(
        List<Double> position,
        List<Double> orientation,
        String timePoint,
        String diffusion,
        double echoTime,
        Part part) {

    public SlicePlane {
        position = List.copyOf(position);
        orientation = List.copyOf(orientation);
    }

    /** Whether it has a diffusion weighting without a direction: a trace or ADC map, computed from the others. */
    public boolean withoutDirection() {
        String[] words = diffusion.split(" ", 2);
        return words.length == 2
                && Arrays.stream(words[0].split("\\\\")).anyMatch(b -> Double.parseDouble(b) > 0)
                && Arrays.stream(words[1].split("[\\[\\], ]+"))
                        .filter(cosine -> !cosine.isEmpty())
                        .allMatch(cosine -> Double.parseDouble(cosine) == 0);
    }

    /** The slice normal, of length 1. */
    public double[] normal() {
        double[] o = orientation.stream().mapToDouble(Double::doubleValue).toArray();
        return new double[] {o[1] * o[5] - o[2] * o[4], o[2] * o[3] - o[0] * o[5], o[0] * o[4] - o[1] * o[3]};
    }

    /** Position of the slice along its normal, mm. */
    public double location() {
        double[] n = normal();
        return n[0] * position.get(0) + n[1] * position.get(1) + n[2] * position.get(2);
    }
}
