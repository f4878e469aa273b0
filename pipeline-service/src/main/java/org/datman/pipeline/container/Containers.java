package org.datman.pipeline.container;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.datman.contracts.event.Reason;
import org.datman.contracts.study.PipelineRule;
import org.datman.contracts.study.PipelineRule.Container;
import org.datman.pipeline.boutiques.DescriptorException;
import org.datman.pipeline.boutiques.Problem;
import org.datman.pipeline.boutiques.Tool;
import org.datman.pipeline.container.Cosign.MissingException;
import org.datman.pipeline.container.Cosign.Verdict;
import org.datman.pipeline.runner.JobRunner;
import org.datman.pipeline.runner.ToolEnvironment;
import org.datman.platform.archive.Archive;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The containers of this installation: whether a rule's tool runs in one, of which image, and whether that may run. */
@ApplicationScoped
public class Containers {

    private static final Logger LOG = Logger.getLogger(Containers.class);
    /** In the folder of a run: what its container is run by. */
    private static final String MARK = "logs/container";

    private static final String AGAIN = ", then press 'Run again' among the pipelines of the session page";
    private static final long END_WITHIN_SECONDS = 60;
    /** Variables by which the programs of containers find their configuration; no tool gets them. */
    private static final Set<String> PASSED = Set.of(
            "CONTAINERS_CONF",
            "CONTAINERS_STORAGE_CONF",
            "DOCKER_HOST",
            "DOCKER_CONTEXT",
            "DOCKER_CONFIG",
            "APPTAINER_CONFIGDIR",
            "APPTAINER_TMPDIR");

    /** Names of runners. */
    private static final String KUBERNETES = "kubernetes";

    private static final String SGE = "sge";

    private final boolean onKubernetes;
    private final Container chosen;
    private final Path images;
    private final Path studies;
    private final Cosign cosign;
    private final Map<String, String> service;
    /** SHA-256 of files, by path, size and time. */
    private final Map<String, String> digests = new ConcurrentHashMap<>();
    /** Digests of images and of the keys with which they were found to be signed. */
    private final Set<String> signed = ConcurrentHashMap.newKeySet();

    @Inject
    Containers(
            Config config,
            @ConfigProperty(name = "datman.pipelines.container") String container,
            @ConfigProperty(name = "datman.pipelines.runner") String runner,
            @ConfigProperty(name = "datman.studies") Path studies) {
        this(
                runner.equals(KUBERNETES),
                named(container),
                config.getOptionalValue("datman.pipelines.images", Path.class).orElse(studies.resolve("images")),
                studies,
                "cosign",
                System.getenv());
    }

    /**
     * With settings of its own, for rules that run elsewhere than on Kubernetes unless they say so.
     *
     * @param chosen of rules that say nothing
     * @param images folder of SIF files, and of signatures that {@code cosign save} wrote
     * @param studies folder of the configuration
     * @param cosign its program
     * @param service environment of this service
     */
    public Containers(Container chosen, Path images, Path studies, String cosign, Map<String, String> service) {
        this(false, chosen, images, studies, cosign, service);
    }

    private Containers(
            boolean onKubernetes,
            Container chosen,
            Path images,
            Path studies,
            String cosign,
            Map<String, String> service) {
        this.onKubernetes = onKubernetes;
        this.chosen = chosen;
        this.images = images.toAbsolutePath();
        this.studies = studies;
        this.cosign = new Cosign(cosign);
        this.service = Map.copyOf(service);
    }

    private boolean isOnKubernetes(PipelineRule rule) {
        return rule.runner() == null ? onKubernetes : rule.runner() == PipelineRule.Runner.KUBERNETES;
    }

    private static Container named(String word) {
        return Stream.of(Container.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("datman.pipelines.container is '" + word
                        + "'; it must be one of none, podman, docker, apptainer"));
    }

    /** By which program the tool of a rule runs in a container, {@code NONE} also on Kubernetes, whose pods are containers. */
    public Container of(PipelineRule rule) {
        if (isOnKubernetes(rule)) {
            return Container.NONE;
        }
        Container own = rule.container();
        return own == null ? chosen : own;
    }

    /**
     * The image in which the tool of a rule runs; empty when it runs in none.
     *
     * @throws DescriptorException when the descriptor does not name it by its digest, or a signature is asked for without a container
     */
    public Optional<PinnedImage> image(PipelineRule rule, Tool tool) throws DescriptorException {
        Container container = of(rule);
        if (container != Container.NONE) {
            return Optional.of(PinnedImage.of(tool.descriptor(), container));
        }
        if (isOnKubernetes(rule)) {
            return Optional.of(PinnedImage.of(tool.descriptor(), KUBERNETES, false));
        }
        if (!rule.signedBy().isEmpty()) {
            throw new DescriptorException(List.of(new Problem(
                    "rule " + rule.name(),
                    "SignedBy",
                    "is given, and the tool runs in no container",
                    "a Container: podman, docker, apptainer")));
        }
        return Optional.empty();
    }

    /**
     * Checks before a run what can be checked here: the file of an image for Apptainer, and the signature.
     *
     * @throws ContainerException when the image must not run
     * @throws IOException when it cannot be told now
     */
    public void check(PipelineRule rule, PinnedImage image)
            throws ContainerException, IOException, InterruptedException {
        if (of(rule) == Container.APPTAINER) {
            checkFile(image);
        }
        if (!rule.signedBy().isEmpty()) {
            checkSignature(rule.signedBy(), image);
        }
    }

    /**
     * The command that runs a tool's command in a container.
     *
     * @param runner where it will run
     * @throws ContainerException when the folder of the run cannot be given to a container
     */
    public JobRunner.Command wrap(PipelineRule rule, PinnedImage image, JobRunner runner, JobRunner.Command tool)
            throws ContainerException, IOException {
        Container container = of(rule);
        if (container == Container.DOCKER && runner.name().equals(SGE)) {
            throw new ContainerException(new Reason(
                    "container-refused",
                    "Docker is not used in jobs of Grid Engine: its container would go on when the job is ended",
                    "Name podman or apptainer in Container of the rule" + AGAIN));
        }
        String folder = tool.folder().toString();
        if (folder.contains(":") || folder.contains(",")) {
            throw new ContainerException(new Reason(
                    "container-folder",
                    "The folder of runs, " + tool.folder().getParent()
                            + ", has a colon or a comma in its name; no container can be given it",
                    "Set datman.scratch to another folder" + AGAIN));
        }
        List<Path> readOnly = Stream.of("inputs", "tool")
                .map(tool.folder()::resolve)
                .filter(Files::isDirectory)
                .toList();
        String which = container == Container.APPTAINER ? file(image).toString() : image.text();
        Map<String, String> environment = new LinkedHashMap<>();
        PASSED.forEach(name -> {
            String value = service.get(name);
            if (value != null) {
                environment.put(name, value);
            }
        });
        // Images and state of containers are those of the user, not of the run.
        environment.put("HOME", System.getProperty("user.home"));
        environment.put("TMPDIR", "/tmp");
        return ContainerCommand.of(
                new ContainerCommand.Setup(
                        container,
                        which,
                        (int) Files.getAttribute(tool.folder(), "unix:uid"),
                        (int) Files.getAttribute(tool.folder(), "unix:gid"),
                        runner.handle(tool).isPresent(),
                        environment),
                tool,
                ToolEnvironment.of(tool),
                readOnly);
    }

    /** Notes in the folder of a run that it has a container, which outlives the death of this service. */
    public void mark(PipelineRule rule, Path folder) throws IOException {
        Files.writeString(folder.resolve(MARK), of(rule).name());
    }

    /** Ends the container that a dead worker left running in this folder, if there is one. */
    public void endLeft(Path folder) {
        try {
            Path mark = folder.resolve(MARK);
            if (Files.isRegularFile(mark)) {
                // The tool could have written there: of it only a word is taken that is known.
                String word = Files.readString(mark).strip();
                Stream.of(Container.values())
                        .filter(each -> each.name().equals(word))
                        .map(each -> ContainerCommand.ending(
                                each, folder.getFileName().toString()))
                        .filter(ending -> !ending.isEmpty())
                        .forEach(ending -> end(ending, folder));
            }
        } catch (IOException e) {
            LOG.warnf("What ran in a folder of a dead worker cannot be told folder=%s error=%s", folder, e);
        }
    }

    private void end(List<String> ending, Path folder) {
        try {
            ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(ending))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            PASSED.stream().filter(service::containsKey).forEach(name -> builder.environment()
                    .put(name, service.getOrDefault(name, "")));
            builder.environment().put("TMPDIR", "/tmp");
            Process process = builder.start();
            if (!process.waitFor(END_WITHIN_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                LOG.warnf("A container of a dead worker may still run command=%s", String.join(" ", ending));
            } else {
                LOG.infof("The container of a dead worker is ended folder=%s", folder.getFileName());
            }
        } catch (IOException e) {
            LOG.warnf("A container of a dead worker cannot be ended command=%s error=%s", ending, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The file from which Apptainer runs an image. */
    private Path file(PinnedImage image) {
        return images.resolve(image.isFile() ? image.name() : "sha256-" + image.hex() + ".sif");
    }

    private void checkFile(PinnedImage image) throws ContainerException, IOException {
        Path file = file(image);
        if (!Files.isRegularFile(file)) {
            throw new ContainerException(new Reason(
                    "image-missing",
                    "Image " + image.text() + " is not there as " + file + "; DATMAN pulls no image",
                    image.isFile()
                            ? "Copy the image there" + AGAIN
                            : "Type as the user of the pipeline service: apptainer pull " + file + " docker://"
                                    + image.text() + AGAIN));
        }
        if (image.isFile() && !("sha256:" + sha256(file)).equals(image.digest())) {
            throw new ContainerException(new Reason(
                    "image-changed",
                    file + " has the SHA-256 " + sha256(file) + ", not that of the descriptor, " + image.hex(),
                    "Copy the right image there, or correct container-hash of the descriptor" + AGAIN));
        }
    }

    private String sha256(Path file) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        String state = file + " " + Files.size(file) + " " + time;
        String known = digests.get(state);
        if (known == null) {
            known = Archive.sha256(file);
            digests.put(state, known);
        }
        return known;
    }

    private void checkSignature(String path, PinnedImage image)
            throws ContainerException, IOException, InterruptedException {
        Path key = studies.resolve(path).toAbsolutePath();
        if (!Files.isRegularFile(key)) {
            throw new ContainerException(new Reason(
                    "image-signature",
                    "The public key " + path + ", with which image " + image.text() + " must be signed, is missing",
                    "Put it into the configuration folder, or correct SignedBy of the rule" + AGAIN));
        }
        String checked = image.text() + " " + Archive.sha256(key);
        if (signed.contains(checked)) {
            return;
        }
        Verdict verdict;
        try {
            verdict = image.isFile()
                    ? cosign.file(key, file(image))
                    : cosign.image(key, image, images.resolve("sha256-" + image.hex()));
        } catch (MissingException e) {
            throw new ContainerException(new Reason(
                    "image-signature",
                    "The signature of image " + image.text() + " cannot be checked: cosign is not installed",
                    "Install cosign where the pipeline service runs, or take SignedBy out of the rule" + AGAIN));
        }
        if (!verdict.signed()) {
            throw new ContainerException(new Reason(
                    "image-signature",
                    "Image " + image.text() + " is not signed with the key " + path + ": " + verdict.words(),
                    "Ask who made the image. If it is right, let it be signed with that key, or correct SignedBy of the rule"
                            + AGAIN));
        }
        signed.add(checked);
    }
}
