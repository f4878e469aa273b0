package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.datman.local.Home;
import org.datman.local.process.RunState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "up",
        description = "Starts DATMAN against a real XNAT. The account comes from the environment: DATMAN_XNAT_USER and"
                + " DATMAN_XNAT_PASSWORD or DATMAN_XNAT_PASSWORD_FILE.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

    @ParentCommand
    private DatmanCommand datman;

    @Spec
    private CommandSpec spec;

    @Option(names = "--xnat", required = true, description = "Address of the XNAT server.")
    private URI xnat;

    @Option(names = "--config", description = "Folder of study files; copied into the installation.")
    private Optional<Path> config;

    @Option(
            names = "--dashboard-port",
            defaultValue = "8080",
            description = "Wished port of the dashboard (default: ${DEFAULT-VALUE}); another is taken if it is in use.")
    private int dashboardPort;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Home home = datman.home();
        XnatAccount.check(xnat, System.getenv(), out);
        if (config.isPresent()) {
            Installation.studies(config.get(), home.studies());
        } else if (!Files.isDirectory(home.studies())) {
            throw new IOException("There is no study yet: give a folder of study files with --config, or put them into "
                    + home.studies());
        }
        List<String> arguments = new ArrayList<>(
                List.of("--xnat", xnat.toString(), "--dashboard-port", Integer.toString(dashboardPort)));
        RunState state = new Daemon(home, out).start(arguments);
        Addresses.print(out, home, state);
        return 0;
    }
}
