package org.datman.pipeline.runner;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;

/** Environment variables of a tool, wherever it runs. */
public final class ToolEnvironment {

    private ToolEnvironment() {}

    /** Home and temporary folder within the working folder, the number of threads, and what the descriptor wants. */
    public static Map<String, String> of(JobRunner.Command command) throws IOException {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("HOME", command.folder().toString());
        environment.put(
                "TMPDIR",
                Files.createDirectories(command.folder().resolve("tmp")).toString());
        environment.put("OMP_NUM_THREADS", Integer.toString(cores(command)));
        environment.putAll(command.environment());
        return environment;
    }

    /** Whole cores. */
    static int cores(JobRunner.Command command) {
        Double cores = command.resources().cpuCores();
        return cores == null ? 1 : Math.max(1, (int) Math.ceil(cores));
    }

    /** Name of this machine. */
    static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
