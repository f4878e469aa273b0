package org.datman.local.command;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.datman.local.process.ExternalKafka;
import org.datman.local.process.ExternalPostgres;
import org.datman.local.process.Supervisor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "supervise", hidden = true, description = "Runs everything until it is asked to end.")
final class SuperviseCommand implements Callable<Integer> {

    @ParentCommand
    private DatmanCommand datman;

    @Option(names = "--xnat")
    private @Nullable URI xnat;

    @Option(names = "--dashboard-port", defaultValue = "8080")
    private int dashboardPort;

    @Option(names = "--keep-ports")
    private boolean keepPorts;

    @Option(names = "--studies")
    private @Nullable Path studies;

    @Option(names = "--kafka")
    private @Nullable String kafka;

    @Option(names = "--postgres")
    private @Nullable String postgres;

    @Option(names = "--brief")
    private boolean brief;

    @Option(names = "--set", description = "More settings for all services, as NAME=VALUE.")
    private Map<String, String> settings = new HashMap<>();

    @Parameters(description = "Arguments of the simulator.")
    private List<String> simulator = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Supervisor.Plan plan = new Supervisor.Plan(
                xnat,
                simulator,
                dashboardPort,
                keepPorts,
                studies == null ? datman.home().studies() : studies,
                brief,
                settings,
                kafka == null ? null : ExternalKafka.of(kafka),
                postgres == null ? null : ExternalPostgres.of(postgres));
        return new Supervisor(datman.home(), plan).run();
    }
}
