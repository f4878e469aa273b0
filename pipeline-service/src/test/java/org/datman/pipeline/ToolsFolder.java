package org.datman.pipeline;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.Stream;

/** A folder of descriptors: those of the tests. */
public final class ToolsFolder implements QuarkusTestResourceLifecycleManager {

    /** The descriptor folder of the service under test; tests may change files here. */
    static final Path FOLDER = Path.of("target/tools");

    @Override
    public Map<String, String> start() {
        try {
            Files.createDirectories(FOLDER);
            try (Stream<Path> files = Files.list(Path.of("src/test/resources/tools"))) {
                for (Path file : files.toList()) {
                    Files.copy(file, FOLDER.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
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
