package org.datman.local.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.datman.local.InstallationFolder;
import org.datman.local.demo.ReferenceKinds;

/** Initial files of a fresh installation. */
final class Installation {

    /** Resources of the demo. */
    private static final List<String> DEMO_STUDIES = List.of("DEMO.yml", "PILOT.yml");

    private Installation() {}

    /** The tool of the catalogue that the studies of the demo run, and its files. */
    private static final String TOOL = "mrtrix3-dti";

    private static final List<String> TOOL_FILES = List.of(TOOL + ".json", "dti.sh");

    /** Of {@code pipelines/shared}. */
    private static final List<String> SHARED_FILES = List.of("tensor-directions.awk");

    /** Copies the demo's studies and their tool into the installation. */
    static void demo(InstallationFolder home) throws IOException {
        resources(home.studies(), "/demo-studies/", DEMO_STUDIES);
        tool(home);
    }

    /** Copies the study of the real scans and its tool into the installation. */
    static void realScans(InstallationFolder home) throws IOException {
        resources(home.studies(), "/demo-studies/", List.of("REAL.yml", ReferenceKinds.FILE));
        tool(home);
    }

    private static void tool(InstallationFolder home) throws IOException {
        resources(home.pipelines().resolve(TOOL), "/catalogue/" + TOOL + "/", TOOL_FILES);
        resources(home.pipelines().resolve(TOOL), "/shared/", SHARED_FILES);
    }

    /** Copies files of this build into the folder; files that a person changed are left as they are. */
    private static void resources(Path folder, String from, List<String> names) throws IOException {
        Files.createDirectories(folder);
        for (String name : names) {
            Path target = folder.resolve(name);
            if (!Files.exists(target)) {
                try (InputStream in = Installation.class.getResourceAsStream(from + name)) {
                    if (in == null) {
                        throw new IOException("This build lacks the demo's " + name);
                    }
                    Files.copy(in, target);
                }
            }
        }
    }

    /**
     * A person's folder is used in place: gold standards and descriptors are next to the studies, and changes are detected.
     *
     * @throws IOException when it is no folder or has no study file
     */
    static void requireStudies(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("There is no folder " + folder + ": give a folder of study files with --config");
        }
        try (Stream<Path> files = Files.list(folder)) {
            if (files.noneMatch(
                    file -> file.toString().endsWith(".yml") || file.toString().endsWith(".yaml"))) {
                throw new IOException("There is no .yml or .yaml study file in " + folder
                        + "; give a folder of study files with --config");
            }
        }
    }
}
