package org.datman.pipeline.container;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.datman.contracts.study.PipelineRule.Container;
import org.datman.pipeline.runner.JobRunner.Command;

/**
 * The command line that runs the command of a tool in a container: without a network, without capabilities, with a read-only image, and
 * with the folder of the run as the only place where it can write.
 *
 * <p>Options: https://docs.podman.io/en/stable/markdown/podman-run.1.html, https://docs.docker.com/reference/cli/docker/container/run/,
 * https://apptainer.org/docs/user/latest/cli/apptainer_exec.html
 */
final class ContainerCommand {

    private static final String PREFIX = "datman-";
    private static final int MEGABYTES = 1024;
    private static final Duration SPARE = Duration.ofMinutes(2);

    private ContainerCommand() {}

    /**
     * Where a container runs.
     *
     * @param program that runs it
     * @param image file of the image for Apptainer; its name with the digest for the others
     * @param uid the service's own user, who is that of the tool, too
     * @param gid group of that user
     * @param cluster whether it runs in a job of a cluster, which has limits of its own
     * @param environment of the program, which is not that of the tool
     */
    record Setup(Container program, String image, int uid, int gid, boolean cluster, Map<String, String> environment) {

        /** Of a user who is not root. */
        boolean rootless() {
            return uid != 0;
        }
    }

    /**
     * The command that runs a tool's command in a container.
     *
     * @param variables environment of the tool
     * @param readOnly folders within the folder of the run
     */
    static Command of(Setup setup, Command tool, Map<String, String> variables, List<Path> readOnly) {
        Map<String, String> environment = new LinkedHashMap<>(setup.environment());
        List<String> arguments;
        if (setup.program() == Container.APPTAINER) {
            arguments = apptainer(setup, tool, readOnly);
            variables.forEach((name, value) -> environment.put("APPTAINERENV_" + name, value));
            // The home of the container is an option; the variable would be refused.
            environment.remove("APPTAINERENV_HOME");
        } else {
            arguments = podmanOrDocker(setup, tool, variables, readOnly);
        }
        return new Command(
                tool.name(),
                tool.folder(),
                arguments,
                environment,
                tool.resources(),
                tool.walltime(),
                tool.stdout(),
                tool.stderr(),
                ending(setup.program(), tool.name()),
                tool.image());
    }

    /** The command that ends the container of a run and removes it; empty where that is a process like any other. */
    static List<String> ending(Container program, String run) {
        return switch (program) {
            case PODMAN -> List.of("podman", "rm", "--force", "--ignore", "--time", "0", name(run));
            case DOCKER -> List.of("docker", "rm", "--force", name(run));
            case APPTAINER, NONE -> List.of();
        };
    }

    /** Name of the container of a run. */
    static String name(String run) {
        return PREFIX + run;
    }

    private static List<String> podmanOrDocker(
            Setup setup, Command tool, Map<String, String> variables, List<Path> readOnly) {
        boolean podman = setup.program() == Container.PODMAN;
        String folder = tool.folder().toString();
        List<String> line = new ArrayList<>(List.of(
                setup.program().name().toLowerCase(Locale.ROOT),
                "run",
                "--rm",
                "--name=" + name(tool.name()),
                "--pull=never",
                "--network=none",
                "--cap-drop=all",
                "--security-opt=no-new-privileges",
                "--read-only",
                "--tmpfs=/tmp:rw,nosuid,nodev,exec,mode=1777",
                // The output goes into the files of the run, and nowhere else.
                "--log-driver=none",
                "--user=" + setup.uid() + ":" + setup.gid(),
                // Z: SELinux allows this container, and no other, to use the folder.
                "--volume=" + folder + ":" + folder + ":Z"));
        readOnly.forEach(path -> line.add("--volume=" + path + ":" + path + ":ro,Z"));
        line.add("--workdir=" + folder);
        if (podman) {
            line.add("--read-only-tmpfs=false");
            line.add("--http-proxy=false");
            // Should nobody be left to end it: later than the runner does, which knows why, and a cluster counts whole
            // minutes.
            line.add("--timeout=" + tool.walltime().plus(SPARE).toSeconds());
            if (setup.rootless()) {
                line.add("--userns=keep-id");
            }
        }
        if (podman && setup.rootless() && setup.cluster()) {
            // It stays among the processes of the job, whose limits hold and whose end it shares.
            line.add("--cgroups=disabled");
        } else {
            limits(tool, line);
        }
        new TreeMap<>(variables).forEach((name, value) -> line.add("--env=" + name + "=" + value));
        // The command of the descriptor is the whole command, whatever the image would begin with.
        line.add("--entrypoint=" + tool.arguments().get(0));
        line.add(setup.image());
        line.addAll(tool.arguments().subList(1, tool.arguments().size()));
        return List.copyOf(line);
    }

    private static void limits(Command tool, List<String> line) {
        Double gigabytes = tool.resources().ramGigabytes();
        if (gigabytes != null) {
            String memory = Math.max(8, (long) Math.ceil(gigabytes * MEGABYTES)) + "m";
            line.add("--memory=" + memory);
            line.add("--memory-swap=" + memory);
        }
        Double cores = tool.resources().cpuCores();
        if (cores != null) {
            line.add("--cpus=" + cores);
        }
    }

    private static List<String> apptainer(Setup setup, Command tool, List<Path> readOnly) {
        String folder = tool.folder().toString();
        List<String> line = new ArrayList<>(List.of(
                "apptainer",
                "exec",
                "--containall",
                "--no-eval",
                "--no-mount=hostfs,bind-paths",
                "--no-privs",
                "--drop-caps=all",
                "--net",
                "--network=none",
                // In place of the home of the user.
                "--home=" + folder,
                "--pwd=" + folder));
        readOnly.forEach(path -> line.add("--bind=" + path + ":" + path + ":ro"));
        line.add(setup.image());
        line.addAll(tool.arguments());
        return List.copyOf(line);
    }
}
