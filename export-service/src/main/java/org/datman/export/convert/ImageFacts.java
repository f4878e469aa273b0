package org.datman.export.convert;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.datman.contracts.study.Part;

/**
 * Properties that distinguish the converted images of a series. Derived from the image content, so that they do not depend on the
 * order in which a folder was read.
 *
 * @param echo echo number, 1 if there is only one
 * @param echoTime in ms, if the sidecar has it
 * @param part magnitude, phase …
 * @param ending dcm2niix's suffix after echo and part: {@code i00008}, {@code ADC}, {@code Eq}; empty for most
 * @param series series number as read by the converter
 * @param acquisition acquisition number, 0 when unknown
 * @param derived whether ImageType contains DERIVED
 * @param dims sizes along i, j, k and volumes
 * @param dataType NIfTI voxel type
 * @param sha256 of the NIfTI file
 * @param phaseEncodingDirection as in the sidecar: {@code j-}
 * @param ownDicom path on XNAT of one of its DICOM files, if echo and part are ambiguous
 */
@RecordBuilder
public record ImageFacts(
        int echo,
        Optional<Double> echoTime,
        Part part,
        String ending,
        long series,
        int acquisition,
        boolean derived,
        List<Integer> dims,
        String dataType,
        String sha256,
        Optional<String> phaseEncodingDirection,
        Optional<String> ownDicom)
        implements ImageFactsBuilder.With {

    /** Suffixes that dcm2niix uses for images computed from the other images of a series. */
    private static final Set<String> COMPUTED = Set.of("ADC", "TRACE", "TRACEW", "FA", "ColFA", "TENSOR");

    /** Echo times are accurate to a few microseconds; echoes differ more. */
    private static final double SAME_ECHO_TIME_MS = 0.01;

    /** Whether dcm2niix marks it as computed from the other images of its series. */
    boolean computed() {
        return Arrays.stream(ending.split("-")).anyMatch(COMPUTED::contains);
    }

    /** Whether it was computed from other images of the same series: the ADC map behind a diffusion series. */
    public boolean derivedOf(List<ImageFacts> series) {
        return computed()
                || derived
                        && part == Part.MAGNITUDE
                        && series.stream()
                                .anyMatch(other -> !other.derived && !other.computed() && other.part == Part.MAGNITUDE);
    }

    /**
     * Whether it is the same echo and part, and was measured the same way, regardless of size. A value missing in one of them
     * is ignored: earlier exports have no phase encoding direction, and their echoes may be numbered differently.
     */
    public boolean isSameKind(ImageFacts other) {
        return isSameEcho(other)
                && part == other.part
                && ending.equals(other.ending)
                && (phaseEncodingDirection.isEmpty()
                        || other.phaseEncodingDirection.isEmpty()
                        || phaseEncodingDirection.equals(other.phaseEncodingDirection));
    }

    private boolean isSameEcho(ImageFacts other) {
        return echo == other.echo
                || echoTime.isPresent()
                        && other.echoTime.isPresent()
                        && Math.abs(echoTime.get() - other.echoTime.get()) < SAME_ECHO_TIME_MS;
    }

    /** Voxels of all volumes. */
    public long voxels() {
        return dims.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    /** Number of volumes. */
    public int volumes() {
        return dims.size() > 3 ? dims.get(3) : 1;
    }
}
