package org.datman.pipeline.runner;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A Slurm of one node: the real programs of Debian, with their files in a folder of their own. */
public final class SlurmCluster implements AutoCloseable {

    static final List<String> PROGRAMS = List.of("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel");
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);

    private final Path folder;
    private final List<Process> daemons = new ArrayList<>();
    private Process controller;

    /** Starts it. */
    public SlurmCluster() throws IOException {
        // The path of a socket may have some hundred characters only.
        folder = Files.createTempDirectory(Path.of("/tmp"), "slurm");
        for (String each : List.of("state", "spool", "munge")) {
            Files.createDirectory(
                    folder.resolve(each),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        byte[] key = new byte[1024];
        new SecureRandom().nextBytes(key);
        Files.write(folder.resolve("munge/key"), key);
        Files.setPosixFilePermissions(folder.resolve("munge/key"), PosixFilePermissions.fromString("r--------"));
        String host = InetAddress.getLocalHost().getHostName().split("\\.")[0];
        Files.writeString(configuration(), """
                ClusterName=test
                SlurmctldHost=%2$s(127.0.0.1)
                SlurmUser=root
                SlurmdUser=root
                SlurmctldPort=%3$d
                SlurmdPort=%4$d
                AuthType=auth/munge
                AuthInfo=socket=%1$s/munge/socket
                StateSaveLocation=%1$s/state
                SlurmdSpoolDir=%1$s/spool
                SlurmctldPidFile=%1$s/slurmctld.pid
                SlurmdPidFile=%1$s/slurmd.pid
                SlurmctldLogFile=%1$s/slurmctld.log
                SlurmdLogFile=%1$s/slurmd.log
                ProctrackType=proctrack/linuxproc
                TaskPlugin=task/none
                ReturnToService=2
                SchedulerParameters=sched_interval=1,batch_sched_delay=0
                SelectType=select/cons_tres
                SelectTypeParameters=CR_Core_Memory
                JobAcctGatherType=jobacct_gather/linux
                JobAcctGatherFrequency=1
                JobAcctGatherParams=OverMemoryKill
                MinJobAge=2
                MessageTimeout=3
                KillWait=2
                NodeName=%2$s NodeAddr=127.0.0.1 CPUs=2 RealMemory=2000
                PartitionName=main Nodes=%2$s Default=YES
                PartitionName=short Nodes=%2$s MaxTime=1
                """.formatted(folder, host, port(), port()));
        daemons.add(daemon(
                "munged",
                "--foreground",
                "--force",
                "--key-file=" + folder + "/munge/key",
                "--socket=" + folder + "/munge/socket",
                "--pid-file=" + folder + "/munge/pid",
                "--log-file=" + folder + "/munge/log",
                "--seed-file=" + folder + "/munge/seed"));
        Awaitility.await().atMost(STARTS_WITHIN).until(() -> Files.exists(folder.resolve("munge/socket")));
        startController();
        daemons.add(daemon("slurmd", "-D"));
        Awaitility.await().atMost(STARTS_WITHIN).ignoreExceptions().until(() -> program()
                .run(List.of("sinfo", "--noheader", "--format=%T"))
                .out()
                .contains("idle"));
    }

    public static boolean isInstalled() {
        return PROGRAMS.stream().allMatch(program -> Stream.of("/usr/bin/", "/usr/sbin/")
                        .anyMatch(place -> Files.isExecutable(Path.of(place + program))))
                && System.getProperty("user.name").equals("root");
    }

    SchedulerProgram program() {
        return new SchedulerProgram(environment(), Duration.ofSeconds(60));
    }

    void startController() throws IOException {
        controller = daemon("slurmctld", "-D");
        Awaitility.await()
                .atMost(STARTS_WITHIN)
                .ignoreExceptions()
                .until(() -> program().run(List.of("scontrol", "ping")).out().contains("is UP"));
    }

    void stopController() throws InterruptedException {
        controller.destroy();
        controller.waitFor();
    }

    /** Its configuration, with which every program of Slurm finds it. */
    public Path configuration() {
        return folder.resolve("slurm.conf");
    }

    private Map<String, String> environment() {
        return Map.of("SLURM_CONF", configuration().toString());
    }

    private Process daemon(String... command) throws IOException {
        Path program = Path.of("/usr/sbin", command[0]);
        List<String> line = new ArrayList<>(List.of(command));
        line.set(0, program.toString());
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(command[0] + ".out").toFile());
        builder.environment().putAll(environment());
        return builder.start();
    }

    private static int port() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        program().run(List.of("scancel", "--me"));
        daemons.add(controller);
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
