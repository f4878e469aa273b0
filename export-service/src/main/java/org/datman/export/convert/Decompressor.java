package org.datman.export.convert;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Programs that store the pixels of a DICOM file without compression: gdcmconv of GDCM for every compression, dcmdjpls of DCMTK
 * for JPEG-LS (tested with GDCM 3.0.21 and DCMTK 3.6.7: both keep the SOPInstanceUID).
 */
@ApplicationScoped
public class Decompressor {

    private static final int TIMED_OUT = -1;

    private final String gdcmconv;
    private final String dcmdjpls;
    private final Duration timeLimit;
    private final long memoryMib;

    Decompressor(
            @ConfigProperty(name = "datman.gdcmconv", defaultValue = "gdcmconv") String gdcmconv,
            @ConfigProperty(name = "datman.dcmdjpls", defaultValue = "dcmdjpls") String dcmdjpls,
            @ConfigProperty(name = "datman.decompress.time-limit", defaultValue = "PT2M") Duration timeLimit,
            @ConfigProperty(name = "datman.decompress.memory-mib", defaultValue = "4096") long memoryMib) {
        this.gdcmconv = gdcmconv;
        this.dcmdjpls = dcmdjpls;
        this.timeLimit = timeLimit;
        this.memoryMib = memoryMib;
    }

    /** For tests: programs by path or name. */
    public static Decompressor of(String gdcmconv, String dcmdjpls, Duration timeLimit) {
        return new Decompressor(gdcmconv, dcmdjpls, timeLimit, 4096);
    }

    /** The outcome of an attempt. */
    enum Outcome {
        DONE,
        NOT_INSTALLED,
        FAILED,
        STOPPED
    }

    /**
     * Writes a copy of a file without compression.
     *
     * @param jpegLs whether dcmdjpls may be tried too
     */
    Outcome decompress(Path from, Path to, boolean jpegLs) throws IOException {
        Outcome outcome = run(List.of(gdcmconv, "--raw", from.toString(), to.toString()), to.resolveSibling(""));
        if ((outcome == Outcome.NOT_INSTALLED || outcome == Outcome.FAILED) && jpegLs) {
            Outcome other = run(List.of(dcmdjpls, from.toString(), to.toString()), to.resolveSibling(""));
            return other == Outcome.NOT_INSTALLED ? outcome : other;
        }
        if (outcome == Outcome.DONE && !Files.isRegularFile(to)) {
            return Outcome.FAILED;
        }
        return outcome;
    }

    private Outcome run(List<String> command, Path folder) throws IOException {
        OptionalInt exit =
                new LimitedProgram(timeLimit, memoryMib).run(command, folder, ProcessBuilder.Redirect.DISCARD);
        return switch (exit.orElse(TIMED_OUT)) {
            case 0 -> Outcome.DONE;
            case 126, 127 -> Outcome.NOT_INSTALLED;
            case TIMED_OUT -> Outcome.STOPPED;
            default -> Outcome.FAILED;
        };
    }
}
