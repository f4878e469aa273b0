package org.datman.export.convert;

import java.util.List;
import java.util.Optional;
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
 */
public record ImageFacts(
        int echo,
        Optional<Double> echoTime,
        Part part,
        String ending,
        int series,
        int acquisition,
        boolean derived,
        List<Integer> dims,
        String dataType,
        String sha256) {

    /** Number of volumes. */
    public int volumes() {
        return dims.size() > 3 ? dims.get(3) : 1;
    }
}
