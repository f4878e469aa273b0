package org.datman.export.convert;

import java.nio.file.Path;
import java.util.Map;

/**
 * An image that dcm2niix made.
 *
 * @param facts what it is
 * @param files by role ({@code nifti, sidecar, bval, bvec}), in the scratch folder
 */
public record ConvertedImage(ImageFacts facts, Map<String, Path> files) {}
