package org.datman.export.dicom;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.study.Part;
import org.jspecify.annotations.Nullable;

/**
 * Properties that distinguish the DICOM images of a series.
 *
 * @param path in the XNAT resource; untrusted, for display only
 * @param instance InstanceNumber; not unique in all series
 * @param echoNumber EchoNumbers, if the file has it
 * @param echoTime EchoTime or EffectiveEchoTime in ms, of the first frame
 * @param part which part of a complex image, from ImageType
 * @param polarity order of the phase-encoding lines (0018,9034), empty when the file does not have it
 */
public record DicomFacts(
        String path,
        Optional<Integer> instance,
        Optional<Integer> echoNumber,
        Optional<Double> echoTime,
        Part part,
        // An index written by an earlier version has none.
        @JsonSetter(nulls = Nulls.AS_EMPTY) String polarity) {

    /** By instance number, then by path: the order is deterministic for the same files. */
    public static final Comparator<DicomFacts> ORDER = Comparator.comparing(
                    (DicomFacts image) -> image.instance().orElse(Integer.MAX_VALUE))
            .thenComparing(DicomFacts::path);

    /**
     * The first image of an echo and part. If the files do not distinguish echoes or parts (a multi-frame file holds all of
     * them), the first image.
     *
     * @param images in {@link #ORDER}, at least one
     */
    public static DicomFacts first(List<DicomFacts> images, int echo, @Nullable Double echoTime, Part part) {
        List<DicomFacts> ofEcho = images.stream()
                .filter(image -> image.echoNumber().equals(Optional.of(echo)))
                .toList();
        if (ofEcho.isEmpty()) {
            ofEcho = echoTime == null ? List.of() : nearest(images, echoTime);
        }
        List<DicomFacts> candidates = ofEcho.isEmpty() ? images : ofEcho;
        return candidates.stream()
                .filter(image -> image.part() == part)
                .findFirst()
                .orElse(candidates.get(0));
    }

    private static List<DicomFacts> nearest(List<DicomFacts> images, double time) {
        double gap = images.stream()
                .flatMap(image -> image.echoTime().stream())
                .mapToDouble(other -> Math.abs(other - time))
                .min()
                .orElse(Double.POSITIVE_INFINITY);
        return images.stream()
                .filter(image -> image.echoTime().isPresent()
                        && Math.abs(image.echoTime().get() - time) <= gap + 1e-6)
                .toList();
    }
}
