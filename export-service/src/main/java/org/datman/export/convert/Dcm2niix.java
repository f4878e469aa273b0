package org.datman.export.convert;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.datman.export.dicom.SourceHeaders;
import org.datman.platform.event.OutageException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The converter. A missing program is a problem of the machine, so it is an outage; a failed conversion
 * is a problem of the data, and reported as a problem.
 */
@ApplicationScoped
public class Dcm2niix {

    /** Anonymised BIDS sidecar, no compression, names of series, echo and dcm2niix's own suffixes. */
    static final List<String> PARAMETERS =
            List.of("-b", "y", "-ba", "y", "-z", "n", "-w", "2", "-p", "y", "-i", "n", "-f", "i_%s_%e");

    /** Folder of the DICOM files in the work directory. */
    public static final String INPUT = "in";

    private static final Pattern VERSION = Pattern.compile("v\\d+\\.\\d+\\.\\d+\\w*");
    private static final int LONGEST_ANSWER = 4 << 20;

    private final String program;
    private final Duration timeLimit;
    private final long memoryMib;

    Dcm2niix(
            @ConfigProperty(name = "datman.dcm2niix", defaultValue = "dcm2niix") String program,
            @ConfigProperty(name = "datman.dcm2niix.time-limit", defaultValue = "PT30M") Duration timeLimit,
            @ConfigProperty(name = "datman.dcm2niix.memory-mib", defaultValue = "8192") long memoryMib) {
        this.program = program;
        this.timeLimit = timeLimit;
        this.memoryMib = memoryMib;
    }

    /** For tests and tools: a program by path or name, with its limits. */
    public static Dcm2niix of(String program, Duration timeLimit, long memoryMib) {
        return new Dcm2niix(program, timeLimit, memoryMib);
    }

    /** The version of the program. Queried each time: it may be replaced while the service runs. */
    public String version() {
        try {
            Process process = new ProcessBuilder(program, "--version")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = text(process.getInputStream());
            process.waitFor();
            String last = "";
            Matcher version = VERSION.matcher(output);
            while (version.find()) {
                last = version.group();
            }
            if (last.isEmpty()) {
                throw new OutageException("'" + program + " --version' does not answer like dcm2niix");
            }
            return last;
        } catch (IOException e) {
            throw new OutageException(
                    "dcm2niix cannot be started as '" + program + "'; install it or set DATMAN_DCM2NIIX", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OutageException("Interrupted", e);
        }
    }

    /** The parameters that determine the result. */
    public static String parameters() {
        return String.join(" ", PARAMETERS) + " gzip=" + Gzip.LEVEL;
    }

    /**
     * Converts the DICOM files of {@code <work>/in} to {@code <work>/out}.
     *
     * @param inputs number of files with an image; more inputs than conversions is a problem
     * @param source their headers
     */
    public Conversion convert(Path work, int inputs, SourceHeaders source) throws IOException {
        String version = version();
        Path out = Files.createDirectories(work.resolve("out"));
        Path log = work.resolve("dcm2niix.log");
        List<String> arguments = new ArrayList<>(PARAMETERS);
        arguments.addAll(List.of("-o", "out", INPUT));
        OptionalInt exit = run(work, arguments, log);
        int exitCode = exit.orElse(-1);
        ConverterOutput output = ConverterOutput.read(log);
        List<String> problems = new ArrayList<>();
        List<String> remarks = new ArrayList<>(output.warnings());
        if (exit.isEmpty()) {
            problems.add("dcm2niix was stopped after " + timeLimit);
        }
        List<String> corrections = new ArrayList<>();
        List<ConvertedImage> images = ConvertedImages.collect(out, source, problems, remarks, corrections);
        if (images.isEmpty()) {
            problems.add(output.errorLine().orElse("dcm2niix ended with code " + exitCode + " without output"));
        } else if (output.convertedFiles() < inputs) {
            problems.add((inputs - output.convertedFiles()) + " of " + inputs + " DICOM files produced no image"
                    + output.errorLine().map(line -> ": " + line).orElse(""));
        } else if (exitCode != 0) {
            problems.add("dcm2niix ended with code " + exitCode
                    + output.errorLine().map(line -> ": " + line).orElse(""));
        } else {
            problems.addAll(output.doubts());
            output.faults().stream()
                    .filter(line -> !output.doubts().contains(line))
                    .forEach(remarks::add);
        }
        return new Conversion(version, arguments, exitCode, images, problems, remarks, corrections, log);
    }

    private OptionalInt run(Path work, List<String> arguments, Path log) throws IOException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(arguments);
        return new LimitedProgram(timeLimit, memoryMib).run(command, work, ProcessBuilder.Redirect.to(log.toFile()));
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
    }
}
