package org.datman.pipeline.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;

/** A Slurm of one node. */
public final class SlurmCluster extends BatchCluster {

    private Process controller;

    /** Starts it with two cores. */
    public SlurmCluster() throws IOException {
        this(2);
    }

    /** Starts it with so many cores, whatever the machine has. */
    public SlurmCluster(int cores) throws IOException {
        super("slurm");
        for (String each : List.of("state", "spool", "munge")) {
            Files.createDirectory(
                    folder().resolve(each),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        byte[] key = new byte[1024];
        new SecureRandom().nextBytes(key);
        Files.write(folder().resolve("munge/key"), key);
        Files.setPosixFilePermissions(folder().resolve("munge/key"), PosixFilePermissions.fromString("r--------"));
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
                SlurmdParameters=config_overrides
                NodeName=%2$s NodeAddr=127.0.0.1 CPUs=%5$d RealMemory=2000
                PartitionName=main Nodes=%2$s Default=YES
                PartitionName=short Nodes=%2$s MaxTime=1
                """.formatted(folder(), host(), port(), port(), cores));
        daemon(
                "/usr/sbin/munged",
                "--foreground",
                "--force",
                "--key-file=" + folder() + "/munge/key",
                "--socket=" + folder() + "/munge/socket",
                "--pid-file=" + folder() + "/munge/pid",
                "--log-file=" + folder() + "/munge/log",
                "--seed-file=" + folder() + "/munge/seed");
        await("munge", () -> Files.exists(folder().resolve("munge/socket")));
        startController();
        daemon("/usr/sbin/slurmd", "-D");
        await("a node", () -> output("sinfo", "--noheader", "--format=%T").contains("idle"));
    }

    public static boolean isInstalled() {
        return areInstalled(List.of("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel"));
    }

    @Override
    Scheduler scheduler(List<String> options) {
        return new Slurm(program(), options);
    }

    /** Names of the jobs that wait or run. */
    public String jobs() throws IOException {
        return program().run(List.of("squeue", "--noheader", "--format=%j")).out();
    }

    @Override
    void startController() throws IOException {
        controller = daemon("/usr/sbin/slurmctld", "-D");
        await("the controller", () -> output("scontrol", "ping").contains("is UP"));
    }

    @Override
    void stopController() throws InterruptedException {
        controller.destroy();
        controller.waitFor();
    }

    /** Its node is gone as soon as a job runs there, and with it the job; it comes back after a moment. */
    public void loseNode() throws IOException, InterruptedException {
        await("a job that runs", () -> !output("squeue", "--noheader", "--states=running")
                .isBlank());
        output("scontrol", "update", "NodeName=" + host(), "State=DOWN", "Reason=test");
        Thread.sleep(2000);
        // It may have registered again by itself; then the command is refused.
        program().run(List.of("scontrol", "update", "NodeName=" + host(), "State=RESUME"));
        await("the node", () -> !output("sinfo", "--noheader", "--format=%T").contains("down"));
    }

    /** Its controller is away for some seconds. */
    public void restartController() throws IOException, InterruptedException {
        stopController();
        Thread.sleep(4000);
        startController();
    }

    /** Its configuration, with which every program of Slurm finds it. */
    public Path configuration() {
        return folder().resolve("slurm.conf");
    }

    @Override
    Map<String, String> environment() {
        return Map.of("SLURM_CONF", configuration().toString());
    }

    @Override
    void cancelAll() throws IOException {
        program().run(List.of("scancel", "--me"));
    }
}
