package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.datman.embedded.LocalPostgres;
import org.datman.local.process.Backlog;
import org.datman.local.process.Orphans;
import org.datman.local.process.RunState;
import org.datman.local.process.Supervisor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        description = "Shows the services, their backlogs, and the oldest unfinished item.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

    private static final Duration KAFKAS_PATIENCE = Duration.ofSeconds(20);

    @ParentCommand
    private DatmanCommand datman;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Optional<RunState> running = RunState.running(datman.home().runState());
        if (running.isEmpty()) {
            return withoutSupervisor(out);
        }
        RunState state = running.get();
        out.printf("DATMAN is %s: %s%n", state.phase(), state.message());
        out.printf("  dashboard %s%n", state.dashboardUrl());
        if (!state.webhookUrl().isEmpty()) {
            out.printf("  webhooks  %s%n", state.webhookUrl());
        }
        out.printf("  %-9s %s%n", state.product(), state.xnatUrl());
        out.printf("%n  %-10s %8s %-9s %9s %10s%n", "process", "pid", "health", "restarts", "peak MiB");
        boolean healthy = true;
        for (RunState.Service service : state.services()) {
            Health.Answer answer = Health.of(service, state.jdbcUrl(), datman.home());
            String health = answer.word();
            healthy &= answer.ready();
            out.printf(
                    "  %-10s %8d %-9s %9d %10d%n",
                    service.name(), service.pid(), health, service.restarts(), service.peakMemoryKiB() / 1024);
            answer.reasons().forEach(reason -> out.printf("  %-10s   %s%n", "", reason));
        }
        List<Backlog> backlogs;
        try {
            backlogs = Backlog.of(state.bootstrapServers(), datman.environment(), Supervisor.SERVICES, KAFKAS_PATIENCE);
        } catch (IOException e) {
            out.printf("%n  %s%n", e.getMessage());
            return 4;
        }
        out.printf("%n  %-10s %-22s %8s %14s%n", "service", "topic", "waiting", "oldest");
        if (backlogs.isEmpty()) {
            out.println("  nothing waits");
        }
        for (Backlog backlog : backlogs) {
            out.printf(
                    "  %-10s %-22s %8d %12d s%n",
                    backlog.service(),
                    backlog.topic(),
                    backlog.waiting(),
                    Duration.between(backlog.oldest(), Clock.systemUTC().instant())
                            .toSeconds());
        }
        return healthy ? 0 : 4;
    }

    /** A killed supervisor leaves no state; its processes may still be running. */
    private int withoutSupervisor(PrintWriter out) throws IOException {
        List<ProcessHandle> orphans = Orphans.of(datman.home());
        Optional<ProcessHandle> postgres = LocalPostgres.leftOver(datman.home().postgres());
        if (orphans.isEmpty() && postgres.isEmpty()) {
            out.println(
                    "DATMAN is not running (its state is in " + datman.home().folder() + ")"
                            + RunState.read(datman.home().runState())
                                    .filter(last -> last.phase().equals("failed"))
                                    .map(last -> "; the last start failed: " + last.message())
                                    .orElse(""));
            return 3;
        }
        int left = orphans.size() + (postgres.isPresent() ? 1 : 0);
        out.println("DATMAN's supervisor was killed. " + left + " of its processes are still running; they are not"
                + " restarted when they die. './datman up' takes over, './datman down' stops them.");
        return 4;
    }
}
