package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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

    @Option(names = "--base", paramLabel = "BASE", description = "Base with Java 17 and bash.")
    private @Nullable String base;

    @Option(
            names = "--export-base",
            paramLabel = "BASE",
            description = "Base of datman-export: with dcm2niix and gdcmconv, too.")
    private @Nullable String exportBase;

    @Option(
            names = "--pipeline-base",
            paramLabel = "BASE",
            description = "Base of datman-pipeline: with python3 and your tools, too.")
    private @Nullable String pipelineBase;

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

    @Option(names = "--work", hidden = true, required = true)
    private Path work;

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
        if (registry != null && tars != null) {
            throw new ParameterException(spec.commandLine(), "give either --to REGISTRY/PREFIX or --tar DIR");
        }
        Map<ImageContents.Base, String> bases = bases();
        Path files = tars == null ? work : tars;
        Path beside = sbom == null ? files : sbom;
        Files.createDirectories(beside);
        Files.createDirectories(files);
        Instant time = Instant.ofEpochSecond(created);
        ImageWriter writer = new ImageWriter(work.resolve("cache").toAbsolutePath(), labels(), time, insecure);
        Map<String, List<DebianPackage>> packages = new LinkedHashMap<>();
        List<String> digests = new ArrayList<>();
        PrintWriter out = spec.commandLine().getOut();
        for (ImageContents image : ImageContents.all(datman.checkout())) {
            String from = bases.getOrDefault(image.base(), "");
            if (!packages.containsKey(from)) {
                packages.put(
                        from, from.startsWith("tar:") ? DebianPackages.ofImage(Path.of(from.substring(4))) : List.of());
            }
            String name = image.name() + ":" + tag;
            String target = registry != null ? registry + "/" + name : "tar:" + files.resolve(image.name() + ".tar");
            String digest = writer.write(image, from, target, name);
            Files.writeString(
                    beside.resolve(image.name() + ".cdx.json"),
                    BillOfMaterials.of(
                            image, version, digest, said(from), packages.getOrDefault(from, List.of()), time));
            digests.add((registry == null ? "" : registry + "/") + name + "\t" + digest);
            out.println(digests.get(digests.size() - 1));
            out.flush();
        }
        Files.write(beside.resolve("digests.tsv"), digests);
        return 0;
    }

    private Map<ImageContents.Base, String> bases() throws IOException, InterruptedException {
        Map<ImageContents.Base, String> bases = new EnumMap<>(ImageContents.Base.class);
        for (ImageContents.Base kind : ImageContents.Base.values()) {
            String given =
                    switch (kind) {
                        case JAVA -> base;
                        case EXPORT -> exportBase;
                        case PIPELINE -> pipelineBase;
                    };
            if (given != null) {
                requireFixed(given);
            }
            bases.put(kind, given == null ? "tar:" + ofDebian(kind.name().toLowerCase(Locale.ROOT)) : given);
        }
        return bases;
    }

    /** Made once; again when the script is newer. */
    private Path ofDebian(String kind) throws IOException, InterruptedException {
        Path script = datman.checkout().resolve("deploy/images/base.sh");
        Path made = work.resolve("bases").resolve("base-" + kind + ".tar");
        if (Files.exists(made) && Files.getLastModifiedTime(made).compareTo(Files.getLastModifiedTime(script)) >= 0) {
            return made;
        }
        spec.commandLine().getErr().println("Making the base " + kind + " from Debian packages takes minutes");
        spec.commandLine().getErr().flush();
        Process process = new ProcessBuilder(script.toString(), kind, made.toString())
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("The base " + kind + " was not made; what is wrong stands above. Or give a base: --"
                    + (kind.equals("java") ? "" : kind + "-") + "base");
        }
        return made;
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
