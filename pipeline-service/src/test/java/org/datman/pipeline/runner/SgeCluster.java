package org.datman.pipeline.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A Grid Engine of one node, set up as Debian's packages do it, without their accounts and services. */
final class SgeCluster extends BatchCluster {

    private static final Path PROGRAMS = Path.of("/usr/lib/gridengine");
    private static final Path SHARED = Path.of("/usr/share/gridengine");
    /** The address of this machine may have another name than the machine: see host_aliases. */
    private static final String NODE = "localhost";

    private final int masterPort = port();
    private final int nodePort = port();
    private Process master;

    /** Starts it. */
    SgeCluster() throws IOException {
        super("sge");
        Path common = Files.createDirectories(folder().resolve("default/common"));
        Path spool = Files.createDirectories(folder().resolve("spool/qmaster"));
        Path node = Files.createDirectories(folder().resolve("spool/execd"));
        Files.createSymbolicLink(folder().resolve("util"), SHARED.resolve("util"));
        String architecture = output(SHARED.resolve("util/arch").toString()).strip();
        for (String each : List.of("bin", "utilbin", "lib")) {
            Files.createSymbolicLink(
                    Files.createDirectory(folder().resolve(each)).resolve(architecture), PROGRAMS);
        }
        Files.writeString(common.resolve("host_aliases"), NODE + " " + host() + "\n");
        Files.writeString(common.resolve("act_qmaster"), NODE + "\n");
        Files.writeString(common.resolve("bootstrap"), """
                admin_user none
                default_domain none
                ignore_fqdn true
                spooling_method classic
                spooling_lib libspoolc
                spooling_params %1$s;%2$s
                binary_path %3$s
                qmaster_spool_dir %2$s
                security_mode none
                listener_threads 1
                worker_threads 1
                scheduler_threads 1
                """.formatted(common, spool, PROGRAMS));
        Path global = Files.writeString(
                folder().resolve("global"),
                with(
                        Files.readString(SHARED.resolve("default-configuration")),
                        Map.of(
                                "execd_spool_dir", node.toString(),
                                "min_uid", "0",
                                "min_gid", "0",
                                "mailer", "/bin/true",
                                "load_report_time", "00:00:01",
                                "reporting_params", "accounting=true reporting=false flush_time=00:00:01 joblog=false",
                                "finished_jobs", "1")));
        output(program("spoolinit"), "classic", "libspoolc", common + ";" + spool, "init");
        output(program("spooldefaults"), "configuration", global.toString());
        output(
                program("spooldefaults"),
                "complexes",
                SHARED.resolve("util/resources/centry").toString());
        output(
                program("spooldefaults"),
                "usersets",
                SHARED.resolve("util/resources/usersets").toString());
        output(program("spooldefaults"), "managers", System.getProperty("user.name"));
        startController();
        output("qconf", "-as", NODE);
        set(
                "-Msconf",
                "scheduler",
                with(
                        output("qconf", "-ssconf"),
                        Map.of("schedule_interval", "0:0:1", "flush_submit_sec", "1", "flush_finish_sec", "1")));
        set("-Ap", "environment", """
                pe_name smp
                slots 100
                user_lists NONE
                xuser_lists NONE
                start_proc_args NONE
                stop_proc_args NONE
                allocation_rule $pe_slots
                control_slaves FALSE
                job_is_first_task TRUE
                urgency_slots min
                accounting_summary TRUE
                qsort_args NONE
                """);
        daemon(program("sge_execd"));
        await("a node", () -> output("qhost").lines().anyMatch(line -> line.matches(NODE + ".* lx-.*")));
        queue("main.q", "INFINITY", 2);
        queue("short.q", "00:00:10", 0);
    }

    /** @param slots 0: jobs are taken, and never run */
    private void queue(String name, String longest, int slots) throws IOException {
        set(
                "-Aq",
                name,
                with(
                        output("qconf", "-sq"),
                        Map.of(
                                "qname",
                                name,
                                "hostlist",
                                NODE,
                                "load_thresholds",
                                "NONE",
                                "slots",
                                Integer.toString(slots),
                                "pe_list",
                                "smp",
                                "h_rt",
                                longest)));
    }

    static boolean isInstalled() {
        return areInstalled(List.of("sge_qmaster", "sge_execd", "qsub", "qstat", "qacct", "qconf"));
    }

    private static String program(String name) {
        return PROGRAMS.resolve(name).toString();
    }

    private void set(String option, String file, String text) throws IOException {
        output("qconf", option, Files.writeString(folder().resolve(file), text).toString());
    }

    /** Changes the configuration of the whole cluster. */
    void configure(Map<String, String> values) throws IOException {
        // The name of the file is the name of the configuration.
        set("-Mconf", "global", with(output("qconf", "-sconf"), values));
    }

    private static String with(String text, Map<String, String> values) {
        String changed = text;
        for (Map.Entry<String, String> value : values.entrySet()) {
            changed = Pattern.compile("(?m)^" + value.getKey() + "\\s.*$")
                    .matcher(changed)
                    .replaceFirst(value.getKey() + " " + value.getValue());
        }
        return changed;
    }

    @Override
    Scheduler scheduler(List<String> options) {
        return scheduler("smp", options);
    }

    Scheduler scheduler(String parallelEnvironment, List<String> options) {
        return new Sge(program(), System.getProperty("user.name"), parallelEnvironment, "h_vmem", options);
    }

    @Override
    void startController() throws IOException {
        master = daemon(program("sge_qmaster"));
        await("the qmaster", () -> !output("qconf", "-sh").isEmpty());
    }

    @Override
    void stopController() throws InterruptedException {
        master.destroy();
        master.waitFor();
    }

    @Override
    Map<String, String> environment() {
        return Map.of(
                "SGE_ROOT", folder().toString(),
                "SGE_CELL", "default",
                "SGE_QMASTER_PORT", Integer.toString(masterPort),
                "SGE_EXECD_PORT", Integer.toString(nodePort),
                // They stay in the foreground.
                "SGE_ND", "true");
    }

    @Override
    void cancelAll() throws IOException {
        program().run(List.of("qdel", "-u", System.getProperty("user.name")));
        await("no job", () -> !output("qstat").contains(" r "));
    }
}
