package org.datman.export.convert;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.datman.export.dicom.SourceHeaders;
import org.datman.platform.event.OutageException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The converter, in one version or several. A missing program is a problem of the machine, so it is an outage; a failed conversion
 * is a problem of the data, and reported as a problem.
 *
 * <p>{@code datman.dcm2niix} names one program, or several with colons between them, as in a PATH: each series is converted by the first;
 * the next is tried only on a series that the ones before did not convert as a whole. A list without a program ends the service at its start.
 */
@Startup
@ApplicationScoped
public class Dcm2niix {

    /** Anonymised BIDS sidecar, no compression, names of series, echo and dcm2niix's own suffixes. */
    static final List<String> PARAMETERS =
            List.of("-b", "y", "-ba", "y", "-z", "n", "-w", "2", "-p", "y", "-i", "n", "-f", "i_%s_%e");

    /** Folder of the DICOM files in the work directory. */
    public static final String INPUT = "in";

    private static final Pattern VERSION = Pattern.compile("v\\d+\\.\\d+\\.\\d+\\w*");
    private static final int LONGEST_ANSWER = 4 << 20;

    private final List<String> programs;
    private final Duration timeLimit;
    private final long memoryMib;

    Dcm2niix(
            @ConfigProperty(name = "datman.dcm2niix", defaultValue = "dcm2niix") String programs,
            @ConfigProperty(name = "datman.dcm2niix.time-limit", defaultValue = "PT30M") Duration timeLimit,
            @ConfigProperty(name = "datman.dcm2niix.memory-mib", defaultValue = "8192") long memoryMib) {
        this.programs = Arrays.stream(programs.split(":"))
                .map(String::strip)
                .filter(program -> !program.isEmpty())
                .toList();
        if (this.programs.isEmpty()) {
            throw new IllegalArgumentException("DATMAN_DCM2NIIX names no program, but '" + programs
                    + "'; give one, or several with colons between");
        }
        this.timeLimit = timeLimit;
        this.memoryMib = memoryMib;
    }

    /** For tests and tools: programs by path or name, with colons between them, and their limits. */
    public static Dcm2niix of(String programs, Duration timeLimit, long memoryMib) {
        return new Dcm2niix(programs, timeLimit, memoryMib);
    }

    /** How many programs there are. */
    int count() {
        return programs.size();
    }

    /**
     * The version of each program, in order, as one text: what is converted follows from all of them. Queried each time: a program may be
     * replaced while the service runs.
     */
    public String version() {
        return programs.stream().map(Dcm2niix::version).collect(Collectors.joining(", else "));
    }

    private static String version(String program) {
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
     * Converts the DICOM files of {@code <work>/in} to a folder of its own in the work directory.
     *
     * @param index of the program
     * @param inputs number of files with an image; more inputs than conversions is a problem
     * @param source their headers
     */
    Conversion convert(int index, Path work, int inputs, SourceHeaders source) throws IOException {
        String program = programs.get(index);
        String version = version(program);
        String folder = "out" + (index == 0 ? "" : "-" + index);
        Path out = Files.createDirectories(work.resolve(folder));
        Path log = work.resolve("dcm2niix" + (index == 0 ? "" : "-" + index) + ".log");
        List<String> arguments = new ArrayList<>(PARAMETERS);
        arguments.addAll(List.of("-o", folder, INPUT));
        OptionalInt exit = run(program, work, arguments, log);
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

    private OptionalInt run(String program, Path work, List<String> arguments, Path log) throws IOException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(arguments);
        return new LimitedProgram(timeLimit, memoryMib).run(command, work, ProcessBuilder.Redirect.to(log.toFile()));
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
    }
}
