package org.datman.local.chaos;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.datman.local.process.RunState;
import org.datman.simulator.fault.FaultRule;
import org.jspecify.annotations.Nullable;

/** Applies a schedule to a running system, and ends every fault that it began. */
final class FaultDriver {

    private static final String CHAIN = "OUTPUT";

    /** Ends a fault. */
    private interface End {
        void run() throws IOException, InterruptedException;
    }

    /** Why a fault cannot be applied here. */
    private static final class Skipped extends IOException {
        private static final long serialVersionUID = 1;

        Skipped(String why) {
            super(why);
        }
    }

    private record Due(Duration at, PlannedFault fault, End end) {}

    private final ChaosSystem system;
    private final Confinement confinement;
    private final PrintWriter out;
    private final List<AppliedFault> applied = new ArrayList<>();
    private final PriorityQueue<Due> ends = new PriorityQueue<>(Comparator.comparing(Due::at));

    FaultDriver(ChaosSystem system, Confinement confinement, PrintWriter out) {
        this.system = system;
        this.confinement = confinement;
        this.out = out;
    }

    /** Returns when all faults are over; what the system must recover from then is not. */
    List<AppliedFault> drive(List<PlannedFault> schedule) throws IOException, InterruptedException {
        long started = System.nanoTime();
        try {
            for (PlannedFault fault : schedule) {
                endUntil(fault.at(), started);
                sleepUntil(fault.at(), started);
                begin(fault);
            }
        } finally {
            while (!ends.isEmpty()) {
                Due due = ends.remove();
                sleepUntil(due.at(), started);
                due.end().run();
            }
        }
        return List.copyOf(applied);
    }

    private void endUntil(Duration at, long started) throws IOException, InterruptedException {
        while (true) {
            Due due = ends.peek();
            if (due == null || due.at().compareTo(at) > 0) {
                return;
            }
            ends.remove();
            sleepUntil(due.at(), started);
            due.end().run();
        }
    }

    private static void sleepUntil(Duration at, long started) throws InterruptedException {
        long left = at.toNanos() - (System.nanoTime() - started);
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    private void begin(PlannedFault fault) throws InterruptedException {
        String outcome = AppliedFault.APPLIED;
        try {
            End end = apply(fault);
            if (end != null) {
                ends.add(new Due(fault.at().plus(fault.lasts()), fault, end));
            }
        } catch (IOException e) {
            outcome = "skipped: " + e.getMessage();
        }
        applied.add(new AppliedFault(fault, outcome));
        out.println("  " + fault.text() + (outcome.equals(AppliedFault.APPLIED) ? "" : ", " + outcome));
        out.flush();
    }

    /** @return what ends it; null where nothing has to */
    private @Nullable End apply(PlannedFault fault) throws IOException, InterruptedException {
        return switch (fault.kind()) {
            case KILL -> {
                signal(pid(fault.target()), "KILL");
                yield null;
            }
            case RESTART -> {
                // PostgreSQL waits for its clients at SIGTERM; at SIGINT it does not.
                signal(pid(fault.target()), fault.target().equals(ChaosFault.POSTGRES) ? "INT" : "TERM");
                yield null;
            }
            case PAUSE -> {
                long pid = pid(fault.target());
                signal(pid, "STOP");
                yield () -> ProcessHandle.of(pid).ifPresent(alive -> resume(pid));
            }
            case PARTITION -> partition(fault);
            case CLOCK_SKEW -> {
                system.launch().skew(fault.target(), fault.how());
                yield () -> system.launch().skew(fault.target(), "+0");
            }
            case XNAT -> {
                List<String> ids = new ArrayList<>();
                for (FaultRule rule : XnatTrouble.valueOf(fault.how().toUpperCase(Locale.ROOT))
                        .rules()) {
                    ids.add(system.xnat().faults().add(rule));
                }
                yield () -> ids.forEach(system.xnat().faults()::remove);
            }
            case ARCHIVE_READ_ONLY -> {
                mount().readOnly();
                yield mount()::back;
            }
            case ARCHIVE_AWAY -> {
                mount().away();
                yield mount()::back;
            }
            case ARCHIVE_FULL -> {
                mount().full();
                yield mount()::roomy;
            }
        };
    }

    private ArchiveMount mount() throws Skipped {
        return system.mount().orElseThrow(() -> new Skipped("nothing can be mounted: " + confinement.mounts()));
    }

    private End partition(PlannedFault fault) throws IOException, InterruptedException {
        if (confinement.filter() != null) {
            throw new Skipped("packets cannot be filtered: " + confinement.filter());
        }
        String[] how = fault.how().split(" ", 2);
        List<String> rule = new ArrayList<>(List.of(
                "-o",
                "lo",
                "-p",
                "tcp",
                "--dport",
                Integer.toString(port(how[1])),
                "-m",
                "owner",
                "--gid-owner",
                Integer.toString(ServiceLaunch.group(fault.target())),
                "-j"));
        rule.addAll(how[0].equals("drop") ? List.of("DROP") : List.of("REJECT", "--reject-with", "tcp-reset"));
        filter("-I", rule);
        return () -> filter("-D", rule);
    }

    private static void filter(String what, List<String> rule) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("iptables", what, CHAIN));
        command.addAll(rule);
        Confinement.run(command.toArray(String[]::new));
    }

    private int port(String server) throws IOException {
        RunState state = system.state();
        return switch (server) {
            case ChaosFault.KAFKA ->
                URI.create("kafka://" + state.bootstrapServers()).getPort();
            case ChaosFault.POSTGRES ->
                URI.create(state.jdbcUrl().substring("jdbc:".length())).getPort();
            default -> URI.create(state.xnatUrl()).getPort();
        };
    }

    private long pid(String process) throws IOException {
        return system.state().services().stream()
                .filter(one -> one.name().equals(process))
                .map(RunState.Service::pid)
                .filter(pid ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent())
                .findFirst()
                .orElseThrow(() -> new Skipped(process + " does not run at this moment"));
    }

    private static void resume(long pid) {
        try {
            signal(pid, "CONT");
        } catch (IOException ended) {
            // It was killed while it was paused.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void signal(long pid, String signal) throws IOException, InterruptedException {
        Confinement.run("kill", "-" + signal, Long.toString(pid));
    }
}
