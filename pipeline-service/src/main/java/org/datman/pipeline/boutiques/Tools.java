package org.datman.pipeline.boutiques;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.study.PipelineRule;
import org.datman.platform.archive.Archive;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The descriptors of the studies folder; otherwise of {@code datman.pipelines.descriptors}, for those that an installation brings. */
@ApplicationScoped
public class Tools {

    private static final long LARGEST = 1_000_000;

    private final List<Path> folders;
    /** What was read of a file, with its state and that of the files it brings. */
    private final Map<Path, Known> known = new ConcurrentHashMap<>();

    private record Known(List<String> states, Tool tool) {}

    public Tools(Config config, @ConfigProperty(name = "datman.studies") Path studies) {
        this.folders = config.getOptionalValue("datman.pipelines.descriptors", Path.class)
                .map(brought -> List.of(studies, brought))
                .orElse(List.of(studies));
    }

    /**
     * A tool as its files are now, so that a corrected descriptor takes effect immediately; they are read again only when one of them has changed.
     *
     * @param descriptor path as in study files
     * @throws DescriptorException when it is missing or faulty
     */
    public Tool load(String descriptor) throws DescriptorException {
        if (descriptor.startsWith(PipelineRule.MANUAL)) {
            return ManualTool.of(descriptor);
        }
        for (Path folder : folders) {
            Path file = folder.resolve(descriptor).normalize();
            if (Path.of(descriptor).isAbsolute() || !file.startsWith(folder.normalize())) {
                throw fault(descriptor, "leaves the folder of the descriptors", "a path inside it");
            }
            if (Files.exists(file)) {
                return read(descriptor, folder, file);
            }
        }
        throw fault(descriptor, "does not exist", "a file in the folder of the studies or in that of descriptors");
    }

    private Tool read(String name, Path folder, Path file) throws DescriptorException {
        try {
            Path real = file.toRealPath();
            if (!real.startsWith(folder.toRealPath())) {
                throw fault(name, "is a link out of the folder of the descriptors", "a file inside it");
            }
            if (Files.size(real) > LARGEST) {
                throw fault(name, "has " + Files.size(real) + " bytes", "at most " + LARGEST);
            }
            Known before = known.get(real);
            if (before != null
                    && before.states().equals(states(real, before.tool().descriptor()))) {
                return before.tool();
            }
            String state = state(real);
            byte[] bytes = Files.readAllBytes(real);
            Descriptor descriptor = DescriptorReader.read(name, bytes);
            MessageDigest digest = DigestUtils.getSha256Digest();
            digest.update(bytes);
            List<String> states = new ArrayList<>(List.of(state));
            for (String toolFile : descriptor.toolFiles()) {
                states.add(state(real.resolveSibling(toolFile)));
                digest.update(("\n" + toolFile + " " + Archive.sha256(real.resolveSibling(toolFile)))
                        .getBytes(StandardCharsets.UTF_8));
            }
            Tool tool = new Tool(
                    descriptor, HexFormat.of().formatHex(digest.digest()), Objects.requireNonNull(real.getParent()));
            known.put(real, new Known(states, tool));
            return tool;
        } catch (NoSuchFileException e) {
            String missing = Path.of(e.getFile()).getFileName().toString();
            throw fault(name, "brings the file " + missing + ", which is missing", "files beside the descriptor");
        } catch (IOException e) {
            throw fault(name, "cannot be read: " + e.getClass().getSimpleName(), "a readable file");
        }
    }

    /** States of a descriptor and of the files it brings. */
    private static List<String> states(Path real, Descriptor descriptor) throws IOException {
        List<String> states = new ArrayList<>(List.of(state(real)));
        for (String toolFile : descriptor.toolFiles()) {
            states.add(state(real.resolveSibling(toolFile)));
        }
        return states;
    }

    /** Changes when the bytes or the mode of a file change. */
    private static String state(Path file) throws IOException {
        return Files.readAttributes(file, "unix:ino,size,lastModifiedTime,ctime,mode")
                .toString();
    }

    private static DescriptorException fault(String file, String what, String allowed) {
        return new DescriptorException(List.of(new Problem(file, "", what, allowed)));
    }
}
