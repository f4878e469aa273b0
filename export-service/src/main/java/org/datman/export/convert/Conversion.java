package org.datman.export.convert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of dcm2niix.
 *
 * @param version as the program says it
 * @param arguments without the program's own path
 * @param exitCode of the process
 * @param images all that was made and can be read as NIfTI
 * @param problems what kept images from being made, in words; empty when all went well
 * @param remarks other lines worth a look: its warnings
 * @param corrections what of the sidecars and headers was made other than the converter had it, and why
 * @param log everything it printed
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

    /** The same with other images, and with more that kept images from being made. */
    public Conversion with(List<ConvertedImage> others, List<String> more) {
        List<String> all = new ArrayList<>(problems);
        all.addAll(more);
        return new Conversion(version, arguments, exitCode, others, all, remarks, corrections, log);
    }
}
