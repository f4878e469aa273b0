package org.datman.simulator.container;

import java.io.IOException;
import java.util.Map;

/** The container server behind the Container Service; the simulator has none itself. */
public interface ContainerRunner {

    /**
     * The container to run.
     *
     * @param commandLine with every replacement key replaced
     * @param overrideEntrypoint whether the image's entry point is overridden; otherwise it gets the line as arguments
     * @param environment XNAT's address and credentials, and the command's secrets
     */
    record Job(String image, String commandLine, boolean overrideEntrypoint, Map<String, String> environment) {}

    /** How it ended. */
    record Result(int exitCode, String output) {}

    /** @throws IOException when it cannot be started */
    Result run(Job job) throws IOException, InterruptedException;
}
