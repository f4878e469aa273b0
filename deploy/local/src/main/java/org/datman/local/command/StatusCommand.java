package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.datman.local.process.Backlog;
import org.datman.local.process.RunState;
import org.datman.local.process.Supervisor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        description = "Shows the services, what they have still to do, and the oldest unfinished item.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
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
            out.println("DATMAN is not running");
            return 3;
        }
        RunState state = running.get();
        out.printf("DATMAN is %s: %s%n", state.phase(), state.message());
        out.printf(
                "  dashboard %s%n  webhooks  %s%n  XNAT      %s%n",
                state.dashboardUrl(), state.webhookUrl(), state.xnatUrl());
        out.printf("%n  %-10s %8s %-9s %9s %10s%n", "process", "pid", "health", "restarts", "peak MiB");
        boolean healthy = true;
        for (RunState.Service service : state.services()) {
            String health = health(service);
            healthy &= health.equals("ready");
            out.printf(
                    "  %-10s %8d %-9s %9d %10d%n",
                    service.name(), service.pid(), health, service.restarts(), service.peakMemoryKiB() / 1024);
        }
        List<Backlog> backlogs;
        try {
            backlogs = Backlog.of(state.bootstrapServers(), Supervisor.SERVICES, KAFKAS_PATIENCE);
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

    private static String health(RunState.Service service) throws InterruptedException {
        if (service.health().isEmpty()) {
            return "ready";
        }
        try {
            int status = HttpClient.newBuilder()
                    .connectTimeout(PATIENCE)
                    .build()
                    .send(
                            HttpRequest.newBuilder(URI.create(service.health()))
                                    .timeout(PATIENCE)
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            return status < 300 ? "ready" : "not ready";
        } catch (IOException e) {
            return "no answer";
        }
    }
}
