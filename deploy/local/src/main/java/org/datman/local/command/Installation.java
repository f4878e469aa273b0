package org.datman.local.command;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.EventJson;
import org.datman.local.InstallationFolder;
import org.datman.local.demo.ReferenceKinds;

/**
 * Initial files of an installation. What was copied is noted by digest, so that a file that nobody changed is replaced by that of a newer build; one that
 * differs otherwise is left as it is, and named.
 */
final class Installation {

    /** Resources of the demo. */
    private static final List<String> DEMO_STUDIES = List.of("DEMO.yml", "PILOT.yml");

    /** The tool of the catalogue that the studies of the demo run, and its files. */
    private static final String TOOL = "mrtrix3-dti";

    private static final List<String> TOOL_FILES = List.of(TOOL + ".json", "dti.sh");

    /** Of {@code pipelines/shared}. */
    private static final List<String> SHARED_FILES = List.of("tensor-directions.awk");

    private static final String COPIED = "initial-files.json";

    private final Path root;
    /** SHA-256 of what was copied, by the path in the installation. */
    private final Map<String, String> copied = new TreeMap<>();

    private final List<Path> different = new ArrayList<>();

    private Installation(InstallationFolder home) throws IOException {
        root = home.folder();
        Path before = root.resolve(COPIED);
        if (Files.exists(before)) {
            copied.putAll(EventJson.mapper().readValue(before.toFile(), new TypeReference<Map<String, String>>() {}));
        }
    }

    /**
     * Copies the demo's studies and their tool into the installation.
     *
     * @return files that are there, differ from those of this build, and are used as they are
     */
    static List<Path> demo(InstallationFolder home) throws IOException {
        return copy(home, DEMO_STUDIES);
    }

    /** The same of the study of the real scans and its tool. */
    static List<Path> realScans(InstallationFolder home) throws IOException {
        return copy(home, List.of("REAL.yml", ReferenceKinds.FILE));
    }

    private static List<Path> copy(InstallationFolder home, List<String> studies) throws IOException {
        Installation installation = new Installation(home);
        installation.resources(home.studies(), "/demo-studies/", studies);
        Path tool = home.pipelines().resolve(TOOL);
        installation.resources(tool, "/catalogue/" + TOOL + "/", TOOL_FILES);
        installation.resources(tool, "/shared/", SHARED_FILES);
        EventJson.mapper().writeValue(home.folder().resolve(COPIED).toFile(), installation.copied);
        return installation.different;
    }

    private void resources(Path folder, String from, List<String> names) throws IOException {
        Files.createDirectories(folder);
        for (String name : names) {
            byte[] ours = resource(from + name);
            String digest = DigestUtils.sha256Hex(ours);
            Path target = folder.resolve(name);
            String key = root.relativize(target).toString();
            String there = Files.exists(target) ? DigestUtils.sha256Hex(Files.readAllBytes(target)) : "";
            if (!there.isEmpty() && !there.equals(digest) && !there.equals(copied.get(key))) {
                different.add(target);
                continue;
            }
            if (!there.equals(digest)) {
                Files.write(target, ours);
            }
            copied.put(key, digest);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Installation.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("This build lacks the demo's " + name);
            }
            return in.readAllBytes();
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
