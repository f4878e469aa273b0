package org.datman.export.convert;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.datman.contracts.event.FileRole;

/**
 * An image created by dcm2niix.
 *
 * @param facts its properties
 * @param files by role (image, sidecar, b-values and b-vectors), in the work directory
 * @param corners centres of its outermost voxels in patient coordinates, mm; empty for one that was checked by an earlier export
 */
public record ConvertedImage(ImageFacts facts, Map<FileRole, Path> files, List<List<Double>> corners) {

    /** The image itself. */
    public Path nifti() {
        return Objects.requireNonNull(files.get(FileRole.NIFTI), "every image has its NIfTI");
    }

    /** A copy with other facts. */
    public ConvertedImage with(ImageFacts other) {
        return new ConvertedImage(other, files, corners);
    }
}
