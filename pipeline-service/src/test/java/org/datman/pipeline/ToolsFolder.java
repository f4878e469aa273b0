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

/** A folder of descriptors: those of the tests and the one that the demo ships. */
public final class ToolsFolder implements QuarkusTestResourceLifecycleManager {

    /** The descriptor folder of the service under test; tests may change files here. */
    static final Path FOLDER = Path.of("target/tools");

    static Path demo() {
        return Path.of(System.getProperty("datman.root")).resolve("deploy/local/src/main/resources/demo-pipelines");
    }

    @Override
    public Map<String, String> start() {
        try {
            Files.createDirectories(FOLDER);
            for (Path from : List.of(Path.of("src/test/resources/tools"), demo())) {
                try (Stream<Path> files = Files.list(from)) {
                    for (Path file : files.toList()) {
                        Files.copy(file, FOLDER.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of("datman.pipelines.descriptors", FOLDER.toAbsolutePath().toString());
    }

    @Override
    public void stop() {
        // The folder is in target.
    }
}
