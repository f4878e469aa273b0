package org.datman.export.convert;

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
        Optional<String> ownDicom) {

    /** Endings by which dcm2niix names what was computed of the other images of a series. */
    private static final Set<String> COMPUTED = Set.of("ADC", "TRACE", "TRACEW", "FA", "ColFA", "TENSOR");

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

    /** The same under another echo. */
    public ImageFacts withEcho(int number) {
        return new ImageFacts(
                number,
                echoTime,
                part,
                ending,
                series,
                acquisition,
                derived,
                dims,
                dataType,
                sha256,
                phaseEncodingDirection,
                ownDicom);
    }

    /** The same, made of that file. */
    public ImageFacts withOwnDicom(String path) {
        return new ImageFacts(
                echo,
                echoTime,
                part,
                ending,
                series,
                acquisition,
                derived,
                dims,
                dataType,
                sha256,
                phaseEncodingDirection,
                Optional.of(path));
    }

    /** Whether it is the same echo and part, and was measured the same way, whatever its size. */
    public boolean isSameKind(ImageFacts other) {
        return echo == other.echo
                && part == other.part
                && ending.equals(other.ending)
                && phaseEncodingDirection.equals(other.phaseEncodingDirection);
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
