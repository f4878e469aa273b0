package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.datman.local.image.BillOfMaterials;
import org.datman.local.image.DebianPackages;
import org.datman.local.image.DebianPackages.DebianPackage;
import org.datman.local.image.ImageContents;
import org.datman.local.image.ImageWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code datman images}: container images of the services and of the commands, each with its bill of materials. */
@Command(
        name = "images",
        description = {
            "Writes container images of the built services and of the commands (with the simulator), and beside each a CycloneDX"
                    + " bill of materials. Prints names and digests. Nothing is started.",
            "A base is tar:FILE (docker save, or deploy/images/base.sh), or an image of a registry by digest."
        },
        mixinStandardHelpOptions = true)
final class ImagesCommand implements Callable<Integer> {

    @ParentCommand
    private DatmanCommand datman;

    @Spec
    private CommandSpec spec;

    @Option(names = "--base", paramLabel = "BASE", required = true, description = "Base with Java 17 and bash.")
    private String base;

    @Option(
            names = "--export-base",
            paramLabel = "BASE",
            required = true,
            description = "Base of datman-export: with dcm2niix and gdcmconv, too.")
    private String exportBase;

    @Option(
            names = "--pipeline-base",
            paramLabel = "BASE",
            required = true,
            description = "Base of datman-pipeline: with python3 and your tools, too.")
    private String pipelineBase;

    @Option(
            names = "--to",
            paramLabel = "REGISTRY/PREFIX",
            description = "Push to a registry: REGISTRY/PREFIX/datman-qc:TAG.")
    private @Nullable String registry;

    @Option(names = "--tar", paramLabel = "DIR", description = "Write DIR/datman-qc.tar and so on, for docker load.")
    private @Nullable Path tars;

    @Option(
            names = "--sbom",
            paramLabel = "DIR",
            description = "Folder of the bills of materials (default: that of --tar).")
    private @Nullable Path sbom;

    @Option(names = "--cache", hidden = true, required = true)
    private Path cache;

    @Option(names = "--tag", description = "Tag of the images (default: ${DEFAULT-VALUE}).", defaultValue = "latest")
    private String tag;

    @Option(
            names = "--version-label",
            description = "Version in the labels (default: ${DEFAULT-VALUE}).",
            defaultValue = "unknown")
    private String version;

    @Option(names = "--revision", description = "Commit in the labels.", defaultValue = "")
    private String revision;

    @Option(
            names = "--source",
            paramLabel = "URL",
            description = "Address of the sources in the labels.",
            defaultValue = "")
    private String source;

    @Option(
            names = "--created",
            paramLabel = "SECONDS",
            description = "Time in the images, in seconds since 1970 (default: 0).",
            defaultValue = "0")
    private long created;

    @Option(names = "--insecure", description = "Allow a registry without TLS.")
    private boolean insecure;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if ((registry == null) == (tars == null)) {
            throw new ParameterException(spec.commandLine(), "give either --to REGISTRY/PREFIX or --tar DIR");
        }
        Path beside = sbom != null ? sbom : tars;
        if (beside == null) {
            throw new ParameterException(
                    spec.commandLine(), "--to needs --sbom DIR, the folder of the bills of materials");
        }
        List.of(base, exportBase, pipelineBase).forEach(this::requireFixed);
        Files.createDirectories(beside);
        if (tars != null) {
            Files.createDirectories(tars);
        }
        Instant time = Instant.ofEpochSecond(created);
        ImageWriter writer = new ImageWriter(cache.toAbsolutePath(), labels(), time, insecure);
        Map<String, List<DebianPackage>> packages = new LinkedHashMap<>();
        List<String> digests = new ArrayList<>();
        PrintWriter out = spec.commandLine().getOut();
        for (ImageContents image : ImageContents.all(datman.checkout())) {
            String from = baseOf(image.base());
            if (!packages.containsKey(from)) {
                packages.put(
                        from, from.startsWith("tar:") ? DebianPackages.ofImage(Path.of(from.substring(4))) : List.of());
            }
            String name = image.name() + ":" + tag;
            String target = tars == null ? registry + "/" + name : "tar:" + tars.resolve(image.name() + ".tar");
            String digest = writer.write(image, from, target, name);
            Files.writeString(
                    beside.resolve(image.name() + ".cdx.json"),
                    BillOfMaterials.of(
                            image, version, digest, said(from), packages.getOrDefault(from, List.of()), time));
            digests.add((tars == null ? registry + "/" : "") + name + "\t" + digest);
            out.println(digests.get(digests.size() - 1));
            out.flush();
        }
        Files.write(beside.resolve("digests.tsv"), digests);
        return 0;
    }

    private String baseOf(ImageContents.Base kind) {
        return switch (kind) {
            case JAVA -> base;
            case EXPORT -> exportBase;
            case PIPELINE -> pipelineBase;
        };
    }

    /** What a bill of materials says of the base: no path of this machine. */
    private static String said(String base) {
        return base.startsWith("tar:")
                ? Path.of(base.substring(4)).getFileName().toString()
                : base;
    }

    private void requireFixed(String image) {
        if (!image.startsWith("tar:") && !image.contains("@sha256:")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "the base " + image + " may change under its name; give it by digest: NAME@sha256:…, which"
                            + " `docker buildx imagetools inspect NAME` prints");
        }
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("org.opencontainers.image.version", version);
        labels.put("org.opencontainers.image.licenses", "Apache-2.0");
        labels.put(
                "org.opencontainers.image.created",
                Instant.ofEpochSecond(created).toString());
        if (!revision.isEmpty()) {
            labels.put("org.opencontainers.image.revision", revision);
        }
        if (!source.isEmpty()) {
            labels.put("org.opencontainers.image.source", source);
        }
        return labels;
    }
}
