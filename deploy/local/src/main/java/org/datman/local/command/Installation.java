package org.datman.local.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files that a fresh installation begins with. */
final class Installation {

    /** Resources that the demo brings: study configurations and the example pipeline. */
    private static final List<String> DEMO_STUDIES = List.of("DEMO.yml", "PILOT.yml");

    private Installation() {}

    /** Puts the demo's studies into the folder; files that a person changed are left as they are. */
    static void demoStudies(Path folder) throws IOException {
        resources(folder, DEMO_STUDIES);
    }

    /** Puts study files that this build brings into the folder; files that a person changed are left as they are. */
    static void resources(Path folder, List<String> names) throws IOException {
        Files.createDirectories(folder);
        for (String name : names) {
            Path target = folder.resolve(name);
            if (!Files.exists(target)) {
                try (InputStream in = Installation.class.getResourceAsStream("/demo-studies/" + name)) {
                    if (in == null) {
                        throw new IOException("This build lacks the demo's study " + name);
                    }
                    Files.copy(in, target);
                }
            }
        }
    }

    /** Copies a person's study files. */
    static void studies(Path from, Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(from)) {
            List<Path> yaml = files.filter(file ->
                            file.toString().endsWith(".yml") || file.toString().endsWith(".yaml"))
                    .toList();
            if (yaml.isEmpty()) {
                throw new IOException("There is no .yml or .yaml study file in " + from);
            }
            for (Path file : yaml) {
                Files.copy(file, folder.resolve(file.getFileName()), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
