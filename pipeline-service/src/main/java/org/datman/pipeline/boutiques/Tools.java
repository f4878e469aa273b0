package org.datman.pipeline.boutiques;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.platform.archive.Archive;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The descriptors of a folder, {@code datman.pipelines.descriptors}; otherwise of the studies folder. */
@ApplicationScoped
public class Tools {

    private static final long LARGEST = 1_000_000;

    private final List<Path> folders;

    public Tools(Config config, @ConfigProperty(name = "datman.studies") Path studies) {
        this.folders = config.getOptionalValue("datman.pipelines.descriptors", Path.class)
                .map(own -> List.of(own, studies))
                .orElse(List.of(studies));
    }

    /**
     * Reads a tool again, so that a corrected descriptor takes effect immediately.
     *
     * @param descriptor path as in study files
     * @throws DescriptorException when it is missing or faulty
     */
    public Tool load(String descriptor) throws DescriptorException {
        for (Path folder : folders) {
            Path file = folder.resolve(descriptor).normalize();
            if (Path.of(descriptor).isAbsolute() || !file.startsWith(folder.normalize())) {
                throw fault(descriptor, "leaves the folder of the descriptors", "a path inside it");
            }
            if (Files.exists(file)) {
                return read(descriptor, folder, file);
            }
        }
        throw fault(descriptor, "does not exist", "a file in the folder of descriptors or in that of the studies");
    }

    private static Tool read(String name, Path folder, Path file) throws DescriptorException {
        try {
            Path real = file.toRealPath();
            if (!real.startsWith(folder.toRealPath())) {
                throw fault(name, "is a link out of the folder of the descriptors", "a file inside it");
            }
            if (Files.size(real) > LARGEST) {
                throw fault(name, "has " + Files.size(real) + " bytes", "at most " + LARGEST);
            }
            byte[] bytes = Files.readAllBytes(real);
            Descriptor descriptor = DescriptorReader.read(name, bytes);
            MessageDigest digest = DigestUtils.getSha256Digest();
            digest.update(bytes);
            for (String toolFile : descriptor.toolFiles()) {
                digest.update(("\n" + toolFile + " " + Archive.sha256(real.resolveSibling(toolFile)))
                        .getBytes(StandardCharsets.UTF_8));
            }
            return new Tool(
                    descriptor, HexFormat.of().formatHex(digest.digest()), Objects.requireNonNull(real.getParent()));
        } catch (NoSuchFileException e) {
            String missing = Path.of(e.getFile()).getFileName().toString();
            throw fault(name, "brings the file " + missing + ", which is missing", "files beside the descriptor");
        } catch (IOException e) {
            throw fault(name, "cannot be read: " + e.getClass().getSimpleName(), "a readable file");
        }
    }

    private static DescriptorException fault(String file, String what, String allowed) {
        return new DescriptorException(List.of(new Problem(file, "", what, allowed)));
    }
}
