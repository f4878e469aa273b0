package org.datman.pipeline.container;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.datman.contracts.event.Reason;
import org.datman.contracts.study.PipelineRule.Container;
import org.datman.pipeline.runner.JobRunner.Cause;
import org.datman.pipeline.runner.JobRunner.Ended;

/** What the program of a container says of a tool that it did not run, or did not let end. */
public final class ContainerFault {

    private static final String AGAIN = ", then press 'Run again' among the pipelines of the session page";
    /** Of Podman and Docker: an error of their own; a program that cannot be run; a program that is not there. */
    private static final int OWN_ERROR = 125;

    private static final int NOT_RUNNABLE = 126;
    private static final int NO_PROGRAM = 127;
    /** Of Apptainer. */
    private static final int FATAL = 255;

    /** Of Apptainer's starter, which makes the container; in a colour even where nobody sees it. */
    private static final int STARTER = 1;

    private static final Pattern STARTER_ERROR = Pattern.compile("\u001b\\[91mERROR {2}:");
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

    private static final int KILLED = 137;
    private static final int LONGEST = 300;
    private static final List<String> NO_IMAGE = List.of("image not known", "No such image", "Unable to find image");
    private static final List<String> DAEMON_AWAY = List.of(
            "Cannot connect to the Docker daemon", "error during connect", "failed to connect to the docker API");

    private ContainerFault() {}

    /**
     * Why a tool did not run.
     *
     * @param program first word of the tool's command
     * @param stderr what was written as errors, by the program of the container or by the tool
     * @return empty when the tool ran, as far as can be told
     */
    public static Optional<Reason> of(
            Container container, PinnedImage image, String program, Ended ended, String stderr) {
        String name = word(container);
        if (ended.cause() == Cause.NO_PROGRAM) {
            return Optional.of(notInstalled(container));
        }
        if (ended.cause() != Cause.EXITED) {
            return Optional.empty();
        }
        String words = words(container, stderr);
        int code = ended.exitCode();
        if (words.isEmpty() || !isOwn(container, code, stderr)) {
            return Optional.empty();
        }
        if (NO_IMAGE.stream().anyMatch(words::contains)) {
            return Optional.of(missing(container, image));
        }
        if (code == NOT_RUNNABLE || code == NO_PROGRAM || hasNoProgram(container, words, program)) {
            return Optional.of(new Reason(
                    "program-missing",
                    "'" + program + "' cannot be run in image " + image.text() + ": " + words,
                    "Correct the command-line of the descriptor, or name an image that has the program" + AGAIN));
        }
        return Optional.of(new Reason(
                "container-refused",
                name + " does not run the container: " + words,
                "Correct on the machine where it runs what " + name + " names" + AGAIN));
    }

    private static boolean isOwn(Container container, int code, String stderr) {
        return switch (container) {
            case PODMAN, DOCKER -> code == OWN_ERROR || code == NOT_RUNNABLE || code == NO_PROGRAM;
            case APPTAINER ->
                code == FATAL
                        || code == STARTER && STARTER_ERROR.matcher(stderr).find();
            case NONE -> false;
        };
    }

    private static boolean hasNoProgram(Container container, String words, String program) {
        return words.contains("executable file not found")
                || container == Container.APPTAINER
                        && (words.equals("stat " + program + ": no such file or directory")
                                || words.equals("permission denied"));
    }

    /** Whether the same command may run later: a daemon that does not answer. */
    public static boolean passes(Container container, Ended ended, String stderr) {
        return ended.cause() == Cause.EXITED
                && container == Container.DOCKER
                && DAEMON_AWAY.stream().anyMatch(words(container, stderr)::contains);
    }

    /** Whether it may have been killed for its memory: the program that runs the container does not say why it was. */
    public static boolean isKilled(Ended ended) {
        return ended.cause() == Cause.EXITED && ended.exitCode() == KILLED;
    }

    /** The program of the container is not there. */
    public static Reason notInstalled(Container container) {
        String name = word(container);
        return new Reason(
                "container-program-missing",
                "The tool is to run with " + name + ", which is not installed where it runs",
                "Install " + name + " there, or name in Container of the rule what is there" + AGAIN);
    }

    private static Reason missing(Container container, PinnedImage image) {
        return new Reason(
                "image-missing",
                "Image " + image.text() + " is not on the machine where the tool runs; DATMAN pulls no image",
                "Type there, as the user of the pipeline service: " + word(container) + " pull " + image.text()
                        + AGAIN);
    }

    /** The line in which the program itself speaks. */
    private static String words(Container container, String stderr) {
        List<String> starts =
                switch (container) {
                    case PODMAN -> List.of("Error:");
                    case DOCKER -> List.of("docker:");
                    case APPTAINER -> List.of("FATAL:", "ERROR  :");
                    case NONE -> List.of();
                };
        String line = stderr.lines()
                .map(each -> COLOUR.matcher(each).replaceAll("").strip())
                .flatMap(each -> starts.stream().filter(each::startsWith).map(start -> each.substring(start.length())
                        .strip()))
                .reduce((first, second) -> second)
                .orElse("");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    private static String word(Container container) {
        return container.name().toLowerCase(Locale.ROOT);
    }
}
