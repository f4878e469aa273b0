package org.datman.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Programs of the field that Debian packages. Tests ask them where they are installed; elsewhere they are skipped and name the package.
 * DATMAN itself needs none of them.
 */
public final class OtherProgram {

    /** Debian's own Python: its packages are not available in others. */
    private static final String PYTHON = "/usr/bin/python3";

    private OtherProgram() {}

    /** Skips the test where a program is not installed. */
    public static void needed(String program, String debianPackage) {
        boolean found = Arrays.stream(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        Assumptions.assumeTrue(found, "skipped: no " + program + "; apt-get install " + debianPackage);
    }

    /** Skips the test where Python cannot import something. */
    public static void neededInPython(String what, String debianPackage) throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of(PYTHON)), "skipped: no Python; apt-get install " + debianPackage);
        Process process = new ProcessBuilder(PYTHON, "-c", what)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        Assumptions.assumeTrue(
                ended && process.exitValue() == 0,
                "skipped: " + what + " fails; apt-get install " + debianPackage + " (or a newer one)");
    }

    /** Runs a program in a folder and returns what it prints; the test fails where the program does. */
    public static String run(Path folder, Object... command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        List<String> words = Arrays.stream(command).map(Object::toString).toList();
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("MRTRIX_QUIET", "1");
        Process process = builder.start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        assertThat(ended && process.exitValue() == 0)
                .as(String.join(" ", words) + "\n" + Files.readString(err))
                .isTrue();
        return Files.readString(out) + Files.readString(err);
    }

    /** Runs a script with arguments; the numbers it prints. */
    public static double[] python(Path folder, String script, Object... arguments)
            throws IOException, InterruptedException {
        return numbers(run(
                folder,
                Stream.concat(Stream.of(PYTHON, "-W", "ignore", "-c", script), Arrays.stream(arguments))
                        .toArray()));
    }

    /** All numbers of a text between white space. */
    public static double[] numbers(String text) {
        return Arrays.stream(text.strip().split("\\s+"))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }
}
