package org.datman.pipeline.container;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.datman.contracts.study.PipelineRule.Container;
import org.datman.pipeline.boutiques.Descriptor;
import org.datman.pipeline.boutiques.DescriptorException;
import org.datman.pipeline.boutiques.Problem;
import org.jspecify.annotations.Nullable;

/**
 * An image by the digest of its content: the same bytes wherever and whenever it runs.
 *
 * @param name with its registry, without a tag: {@code docker.io/nipreps/mriqc}; or the path of a SIF file
 * @param digest {@code sha256:} and 64 hexadecimal digits; of a SIF file, the SHA-256 of its bytes
 */
public record PinnedImage(String name, String digest) {

    private static final String PREFIX = "sha256:";
    private static final String SIF = ".sif";
    private static final String DOCKER_HUB = "docker.io";
    private static final String BY_DIGEST =
            "NAME@sha256:DIGEST, or NAME and container-hash; 'skopeo inspect docker://NAME' shows the digest, and so does"
                    + " 'podman images --digests' after 'podman pull NAME'";
    private static final String OF_FILE = "NAME.sif and its SHA-256 as container-hash: 'sha256sum NAME.sif'";
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    /** Neither is an option of a program. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][A-Za-z0-9._:/-]*");

    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_/][A-Za-z0-9._+/-]*");

    /** The image of a text as {@link #text} writes it. */
    public static PinnedImage parse(String text) {
        int at = text.lastIndexOf('@');
        if (at < 1 || !DIGEST.matcher(text.substring(at + 1)).matches()) {
            throw new IllegalArgumentException("'" + text + "' is no image with its digest");
        }
        return new PinnedImage(text.substring(0, at), text.substring(at + 1));
    }

    /**
     * The image of a descriptor.
     *
     * @param container in which it is to run
     * @throws DescriptorException when it names none, names one without its digest, or asks for what is not done
     */
    static PinnedImage of(Descriptor descriptor, Container container) throws DescriptorException {
        return of(descriptor, container.name().toLowerCase(Locale.ROOT), container == Container.APPTAINER);
    }

    /**
     * The image of a descriptor.
     *
     * @param program by which it is to run, for messages
     * @param runsFiles whether that runs SIF files
     * @throws DescriptorException as above
     */
    static PinnedImage of(Descriptor descriptor, String program, boolean runsFiles) throws DescriptorException {
        Descriptor.ContainerImage image = descriptor.containerImage();
        if (image == null) {
            throw new DescriptorException(List.of(new Problem(
                    descriptor.file(),
                    "container-image",
                    "is missing, and the tool is to run with " + program,
                    "an image by its digest, or 'Container: none' in the rule")));
        }
        List<Problem> problems = new ArrayList<>();
        image.notFollowed()
                .forEach(key -> problems.add(new Problem(
                        descriptor.file(),
                        "container-image." + key,
                        "is given, and DATMAN starts every container in the folder of the run, with options of its own",
                        "a container-image without it")));
        String plain = image.image().replaceFirst("^(docker|oras)://", "");
        int at = plain.indexOf('@');
        String own = at < 0 ? "" : plain.substring(at + 1);
        String hash = image.hash() == null ? "" : PREFIX + image.hash().replaceFirst("^" + PREFIX, "");
        String digest = own.isEmpty() ? hash : own;
        String name = at < 0 ? plain : plain.substring(0, at);
        boolean file = name.endsWith(SIF);
        if (!DIGEST.matcher(digest).matches()) {
            problems.add(new Problem(
                    descriptor.file(),
                    "container-image.image",
                    digest.isEmpty()
                            ? "has no digest: '" + image.image() + "'"
                            : "has '" + digest + "', which is no digest",
                    file ? OF_FILE : BY_DIGEST));
        }
        if (!own.isEmpty() && !hash.isEmpty() && !own.equals(hash)) {
            problems.add(new Problem(
                    descriptor.file(),
                    "container-image.container-hash",
                    "is another digest than that of container-image.image",
                    "one of them"));
        }
        if (!(file ? FILE : NAME).matcher(name).matches()
                || List.of(name.split("/")).contains("..")) {
            problems.add(new Problem(
                    descriptor.file(), "container-image.image", "is '" + image.image() + "'", "the name of an image"));
        }
        if (file && !runsFiles) {
            problems.add(new Problem(
                    descriptor.file(),
                    "container-image.image",
                    "is a SIF file, which " + program + " cannot run",
                    "an image of a registry, or 'Container: apptainer' in the rule"));
        }
        if (!problems.isEmpty()) {
            throw new DescriptorException(problems);
        }
        return new PinnedImage(file ? name : withRegistry(withoutTag(name), image.index()), digest);
    }

    /** Of a file of images for Apptainer, and not of a registry. */
    boolean isFile() {
        return name.endsWith(SIF);
    }

    /** {@code name@sha256:digest}. */
    public String text() {
        return name + "@" + digest;
    }

    /** The digits of the digest. */
    String hex() {
        return digest.substring(PREFIX.length());
    }

    /** Beside a digest a tag says nothing, and not every program takes both. */
    private static String withoutTag(String name) {
        int colon = name.indexOf(':', name.lastIndexOf('/') + 1);
        return colon < 0 ? name : name.substring(0, colon);
    }

    private static String withRegistry(String name, @Nullable String index) {
        String first = name.contains("/") ? name.substring(0, name.indexOf('/')) : "";
        if (first.contains(".") || first.contains(":") || first.equals("localhost")) {
            return name;
        }
        String registry =
                index == null ? "" : index.replaceFirst("^[a-z]+://", "").replaceFirst("/+$", "");
        if (registry.isEmpty() || registry.equals("index.docker.io")) {
            registry = DOCKER_HUB;
        }
        return registry + "/" + (registry.equals(DOCKER_HUB) && first.isEmpty() ? "library/" : "") + name;
    }
}
