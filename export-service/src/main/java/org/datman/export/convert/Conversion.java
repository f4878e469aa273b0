package org.datman.export.convert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of dcm2niix.
 *
 * @param version as reported by the program
 * @param arguments without the program path
 * @param exitCode of the process
 * @param images all output that can be read as NIfTI
 * @param problems descriptions of failed conversions; empty on success
 * @param remarks other relevant lines: its warnings
 * @param corrections changes made to the converter's sidecars and headers, and why
 * @param log its complete output
 */
public record Conversion(
        String version,
        List<String> arguments,
        int exitCode,
        List<ConvertedImage> images,
        List<String> problems,
        List<String> remarks,
        List<String> corrections,
        Path log) {

    /** A copy with further remarks. */
    Conversion withRemarks(List<String> more) {
        List<String> all = new ArrayList<>(more);
        all.addAll(remarks);
        return new Conversion(version, arguments, exitCode, images, problems, all, corrections, log);
    }

    /** Voxels of all images. */
    long voxels() {
        return images.stream().mapToLong(image -> image.facts().voxels()).sum();
    }

    /** A copy with other images and additional problems. */
    public Conversion with(List<ConvertedImage> others, List<String> more) {
        List<String> all = new ArrayList<>(problems);
        all.addAll(more);
        return new Conversion(version, arguments, exitCode, others, all, remarks, corrections, log);
    }
}
