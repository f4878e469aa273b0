package org.datman.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Packages from PyPI in a virtual environment of a test's folder; the test is skipped with a word where they cannot be had. */
public final class PythonPackages {

    private final Path folder;
    private final Path programs;

    private PythonPackages(Path folder) {
        this.folder = folder;
        this.programs = folder.resolve("python/bin");
    }

    /** @param packages with their versions */
    public static PythonPackages installed(Path folder, String... packages) throws Exception {
        PythonPackages python = new PythonPackages(folder);
        assumeTrue(
                python.ends("python3", "-m", "venv", folder.resolve("python").toString()),
                "skipped: no Python with venv here");
        python.pip("install", packages);
        return python;
    }

    /**
     * The same, of packages that take minutes to install: only where the variable {@code DATMAN_LARGE_PACKAGES} is 1, so that the tests of
     * every build stay short.
     *
     * @param packages with their versions
     */
    public static PythonPackages large(Path folder, String... packages) throws Exception {
        assumeTrue(
                "1".equals(System.getenv("DATMAN_LARGE_PACKAGES")),
                "skipped: large packages of PyPI are installed where DATMAN_LARGE_PACKAGES=1");
        return installed(folder, packages);
    }

    /** Unpacks the source of a package in the folder of the test. */
    public void unpackSource(String name, String version) throws Exception {
        pip("download", "--no-deps", "--no-binary=:all:", "--dest=" + folder, name + "==" + version);
        python(
                "-m",
                "tarfile",
                "-e",
                folder.resolve(name + "-" + version + ".tar.gz").toString(),
                folder.toString());
    }

    private void pip(String command, String... arguments) throws Exception {
        String[] pip = {program("python"), "-m", "pip", command, "--quiet", "--disable-pip-version-check"};
        assumeTrue(
                ends(with(pip, arguments)),
                "skipped: " + arguments[arguments.length - 1] + " cannot be installed from PyPI here");
    }

    private boolean ends(String... command) throws Exception {
        try {
            return run(folder, command) == 0;
        } catch (IOException notThere) {
            return false;
        }
    }

    /** Runs Python with the packages, to a good end; returns what it printed. */
    public byte[] python(String... arguments) throws Exception {
        return output(folder, with(new String[] {program("python")}, arguments));
    }

    /** Path of a program that a package brings. */
    public String program(String name) {
        return programs.resolve(name).toString();
    }

    private static String[] with(String[] first, String... more) {
        return Stream.of(first, more).flatMap(Stream::of).toArray(String[]::new);
    }

    /** Runs a program to a good end; returns what it printed. */
    public static byte[] output(Path folder, String... command) throws Exception {
        assertThat(run(folder, command))
                .as(() -> command[0] + ": " + read(folder.resolve("errors.txt")))
                .isZero();
        return Files.readAllBytes(folder.resolve("printed.txt"));
    }

    /** Runs a program to its end; returns its exit code. */
    public static int run(Path folder, String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("printed.txt").toFile())
                .redirectError(folder.resolve("errors.txt").toFile())
                .start();
        if (!process.waitFor(180, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(command[0] + " takes longer than three minutes");
        }
        return process.exitValue();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
