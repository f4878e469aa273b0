package org.datman.export.convert;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.datman.contracts.study.Part;

/**
 * What tells one converted image of a series from another. Made of the image's content, so that it does not depend on the
 * order in which a folder was read.
 *
 * @param echo echo number, 1 where there is only one
 * @param echoTime in ms, where the sidecar says so
 * @param part magnitude, phase …
 * @param ending dcm2niix's own suffix beyond echo and part: {@code i00008}, {@code ADC}, {@code Eq}; empty for most
 * @param series series number that the converter saw
 * @param acquisition acquisition number, 0 when unknown
 * @param derived whether ImageType says so
 * @param dims sizes along i, j, k and volumes
 * @param dataType voxel type, in NIfTI's terms
 * @param sha256 of the NIfTI file
 * @param phaseEncodingDirection as the sidecar says it: {@code j-}
 * @param ownDicom path on XNAT of a DICOM file that it was made of, where echo and part do not tell
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

    /** Endings by which dcm2niix names what was computed of the other images of a series. */
    private static final Set<String> COMPUTED = Set.of("ADC", "TRACE", "TRACEW", "FA", "ColFA", "TENSOR");

    /** Echo times are told to some microseconds; echoes are further apart. */
    private static final double SAME_ECHO_TIME_MS = 0.01;

    /** Whether dcm2niix itself says that it is what was computed of the other images of its series. */
    boolean computed() {
        return Arrays.stream(ending.split("-")).anyMatch(COMPUTED::contains);
    }

    /** Whether it was computed of other images that came in the same series: the ADC map behind a diffusion series. */
    public boolean derivedOf(List<ImageFacts> series) {
        return computed()
                || derived
                        && part == Part.MAGNITUDE
                        && series.stream()
                                .anyMatch(other -> !other.derived && !other.computed() && other.part == Part.MAGNITUDE);
    }

    /**
     * Whether it is the same echo and part, and was measured the same way, whatever its size. What is not known of one of them
     * tells nothing: images of before have no phase encoding direction, and their echoes may have been numbered otherwise.
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
