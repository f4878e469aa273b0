package org.datman.pipeline.runner;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A batch system of one node: the real programs of Debian, with their files in a folder of their own. */
abstract class BatchCluster implements AutoCloseable {

    static final Duration STARTS_WITHIN = Duration.ofSeconds(60);

    private final Path folder;
    private final List<Process> daemons = new ArrayList<>();

    BatchCluster(String name) throws IOException {
        // The path of a socket may have some hundred characters only.
        folder = Files.createTempDirectory(Path.of("/tmp"), name);
    }

    /** How the product talks to it. */
    abstract Scheduler scheduler(List<String> options);

    /** Starts what answers about the jobs, and waits until it does. */
    abstract void startController() throws IOException;

    /** Stops it; jobs go on. */
    abstract void stopController() throws InterruptedException;

    /** Environment variables with which its programs find it. */
    abstract Map<String, String> environment();

    /** Ends all its jobs. */
    abstract void cancelAll() throws IOException;

    final Path folder() {
        return folder;
    }

    final SchedulerProgram program() {
        return new SchedulerProgram(environment(), Duration.ofSeconds(60));
    }

    /** The output of a program that ends well. */
    final String output(String... command) throws IOException {
        SchedulerProgram.Answer answer = program().run(List.of(command));
        if (answer.exitCode() != 0) {
            throw new IOException(String.join(" ", command) + ": " + answer.words());
        }
        return answer.out();
    }

    /** Starts a program that runs until the end; those started later end earlier. */
    final Process daemon(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(Path.of(command[0]).getFileName() + ".out")
                        .toFile());
        builder.environment().putAll(environment());
        Process process = builder.start();
        daemons.add(process);
        return process;
    }

    final void await(String what, Answers answers) {
        Awaitility.await(what).atMost(STARTS_WITHIN).ignoreExceptions().until(answers::yes);
    }

    /** A question that may fail while what is asked is not there yet. */
    interface Answers {
        boolean yes() throws IOException;
    }

    static String host() throws IOException {
        return InetAddress.getLocalHost().getHostName().split("\\.")[0];
    }

    static int port() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    static boolean areInstalled(List<String> programs) {
        return programs.stream().allMatch(program -> Stream.of("/usr/bin/", "/usr/sbin/")
                        .anyMatch(place -> Files.isExecutable(Path.of(place + program))))
                && System.getProperty("user.name").equals("root");
    }

    @Override
    public void close() throws IOException {
        cancelAll();
        for (int i = daemons.size() - 1; i >= 0; i--) {
            daemons.get(i).destroy();
            daemons.get(i).onExit().orTimeout(20, TimeUnit.SECONDS).join();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
