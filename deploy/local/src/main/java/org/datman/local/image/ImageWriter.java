package org.datman.local.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Port;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes images with Jib, to a registry or as files in the form of {@code docker save}. The same contents on the same base are the same
 * bytes: files have one time and one owner.
 */
public final class ImageWriter {

    private static final FilePermissions FILE = FilePermissions.fromOctalString("644");
    private static final FilePermissions PROGRAM = FilePermissions.fromOctalString("755");
    private static final FilePermissions FOLDER = FilePermissions.fromOctalString("755");
    private static final String ROOT = "0:0";
    private static final String OWNER = ImageContents.USER + ":" + ImageContents.USER;

    private final Path cache;
    private final Map<String, String> labels;
    private final Instant created;
    private final boolean insecure;

    /**
     * A writer.
     *
     * @param cache folder for layers, to be used again
     * @param labels labels of all images
     * @param created when the sources were last changed
     * @param insecure whether registries without TLS are allowed
     */
    public ImageWriter(Path cache, Map<String, String> labels, Instant created, boolean insecure) {
        this.cache = cache;
        this.labels = Map.copyOf(labels);
        this.created = created;
        this.insecure = insecure;
    }

    /**
     * Writes an image.
     *
     * @param base {@code tar:FILE}, or an image of a registry
     * @param target {@code tar:FILE}, or a name in a registry
     * @param tag name and tag that a file has in it
     * @return its digest, {@code sha256:…}
     * @throws IOException with the image, the base or the registry and the cause
     */
    public String write(ImageContents image, String base, String target, String tag)
            throws IOException, InterruptedException {
        try {
            TarImage baseFile = tarOf(base);
            JibContainerBuilder builder = (baseFile == null ? Jib.from(registry(base)) : Jib.from(baseFile))
                    .setFormat(ImageFormat.Docker)
                    .setCreationTime(created)
                    .setUser(OWNER)
                    .setEntrypoint(image.entrypoint())
                    .setProgramArguments(image.arguments())
                    .setLabels(labels)
                    .addLabel("org.opencontainers.image.title", image.name())
                    .setExposedPorts(image.ports().stream().map(Port::tcp).collect(Collectors.toSet()))
                    .addFileEntriesLayer(layer("libraries", image.libraries()).build())
                    .addFileEntriesLayer(
                            withFolders(layer("datman", image.own())).build());
            image.environment().forEach(builder::addEnvironmentVariable);
            TarImage file = tarOf(target);
            Containerizer to = file == null ? Containerizer.to(registry(target)) : Containerizer.to(file.named(tag));
            JibContainer written = builder.containerize(to.setBaseImageLayersCache(cache.resolve("bases"))
                    .setApplicationLayersCache(cache.resolve("layers"))
                    .setAllowInsecureRegistries(insecure)
                    .setToolName("datman"));
            return written.getDigest().toString();
        } catch (InvalidImageReferenceException | RegistryException | CacheDirectoryCreationException e) {
            throw new IOException(image.name() + " cannot be written: " + e.getMessage(), e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(
                    image.name() + " cannot be written (base " + base + ", target " + target + "): "
                            + cause.getMessage(),
                    e);
        }
    }

    private static FileEntriesLayer.Builder layer(String name, Map<String, Path> files) {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
        files.forEach((path, file) -> layer.addEntry(
                file,
                AbsoluteUnixPath.get(path),
                path.startsWith("/opt/datman/bin/") ? PROGRAM : FILE,
                Instant.EPOCH.plusSeconds(1),
                ROOT));
        return layer;
    }

    /** A volume that is mounted there for the first time gets the owner of the folder. */
    private FileEntriesLayer.Builder withFolders(FileEntriesLayer.Builder layer) throws IOException {
        Files.createDirectories(cache);
        for (String folder : ImageContents.FOLDERS) {
            layer.addEntry(cache, AbsoluteUnixPath.get(folder), FOLDER, Instant.EPOCH.plusSeconds(1), OWNER);
        }
        return layer;
    }

    private static @Nullable TarImage tarOf(String place) {
        return place.startsWith("tar:") ? TarImage.at(Path.of(place.substring("tar:".length()))) : null;
    }

    private static RegistryImage registry(String place) throws InvalidImageReferenceException {
        ImageReference reference = ImageReference.parse(place);
        return RegistryImage.named(reference)
                .addCredentialRetriever(CredentialRetrieverFactory.forImage(reference, event -> {})
                        .dockerConfig());
    }
}
