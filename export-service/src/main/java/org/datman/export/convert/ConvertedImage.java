package org.datman.export.convert;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An image that dcm2niix made.
 *
 * @param facts what it is
 * @param files by role ({@code nifti, sidecar, bval, bvec}), in the scratch folder
 * @param corners centres of its outermost voxels in patient coordinates, mm; empty for one that was checked long ago
 */
public record ConvertedImage(ImageFacts facts, Map<String, Path> files, List<List<Double>> corners) {

    /** The same with other facts. */
    public ConvertedImage with(ImageFacts other) {
        return new ConvertedImage(other, files, corners);
    }
}
