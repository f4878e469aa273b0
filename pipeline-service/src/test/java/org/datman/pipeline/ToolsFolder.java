package org.datman.pipeline;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A folder of descriptors: those of the tests, and tools of the catalogue. */
public final class ToolsFolder implements QuarkusTestResourceLifecycleManager {

    /** The descriptor folder of the service under test; tests may change files here. */
    static final Path FOLDER = Path.of("target/tools");

    private static final Path PIPELINES = Path.of(System.getProperty("datman.root"), "pipelines");

    @Override
    public Map<String, String> start() {
        try {
            copy(Path.of("src/test/resources/tools"), FOLDER);
            for (String tool : List.of("mrtrix3-dti", "mrtrix3-tractography", "bids-app")) {
                copy(PIPELINES.resolve("shared"), FOLDER.resolve(tool));
                copy(PIPELINES.resolve("catalogue").resolve(tool), FOLDER.resolve(tool));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of("datman.pipelines.descriptors", FOLDER.toAbsolutePath().toString());
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Override
    public void stop() {
        // The folder is in target.
    }
}
