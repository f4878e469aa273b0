package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.local.InstallationFolder;
import org.datman.local.InstallationSettings;
import org.datman.local.process.ExternalKafka;
import org.datman.local.process.ExternalPostgres;
import org.datman.local.process.Heaps;
import org.datman.local.process.RunState;
import org.datman.local.process.Supervisor;
import org.datman.xnat.SourceKind;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "up",
        description =
                "Starts DATMAN against a real XNAT or Orthanc. The account comes from the environment: DATMAN_XNAT_USER and"
                        + " DATMAN_XNAT_PASSWORD or DATMAN_XNAT_PASSWORD_FILE; for an Orthanc DATMAN_ORTHANC_USER and so on.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

    @ParentCommand
    private DatmanCommand datman;

    @Spec
    private CommandSpec spec;

    @Option(names = "--xnat", description = "Address of the XNAT server (default: that of the last start).")
    private @Nullable String xnat;

    @Option(names = "--orthanc", description = "Address of the Orthanc server, for a lab without an XNAT.")
    private @Nullable String orthanc;

    @Option(
            names = "--config",
            description =
                    "Folder of study files, gold standards and pipeline descriptors; it is used in place, and read"
                            + " again when it changes (default: that of the last start).")
    private @Nullable Path config;

    @Option(
            names = "--webhook-bind",
            defaultValue = "${env:DATMAN_WEBHOOK_BIND}",
            description = "Address that XNAT's webhooks come in on (default: 0.0.0.0, every address of this machine).")
    private @Nullable String webhookBind;

    @Option(
            names = "--webhook-port",
            defaultValue = "${env:DATMAN_WEBHOOK_PORT}",
            description = "Port that XNAT's webhooks come in on (default: 8081).")
    private @Nullable Integer webhookPort;

    @Option(
            names = "--dashboard-bind",
            defaultValue = "${env:DATMAN_DASHBOARD_BIND}",
            description = "Address of the dashboard (default: 127.0.0.1; others behind something that adds TLS only).")
    private @Nullable String dashboardBind;

    @Option(
            names = "--dashboard-port",
            defaultValue = "${env:DATMAN_DASHBOARD_PORT}",
            description = "Port of the dashboard (default: 8080).")
    private @Nullable Integer dashboardPort;

    @Option(
            names = "--kafka",
            defaultValue = "${env:DATMAN_KAFKA}",
            description =
                    "Brokers of a Kafka of the lab, as HOST:PORT,HOST:PORT (default: the embedded one, 'embedded').")
    private @Nullable String kafka;

    @Option(
            names = "--postgres",
            defaultValue = "${env:DATMAN_POSTGRES}",
            description =
                    "A PostgreSQL of the lab, as postgresql://USER@HOST:PORT/DATABASE; its password comes from the environment"
                            + " variable DATMAN_POSTGRES_PASSWORD_FILE or DATMAN_POSTGRES_PASSWORD (default: the embedded"
                            + " one, 'embedded').")
    private @Nullable String postgres;

    @Option(
            names = "--foreground",
            description =
                    "Runs until it is stopped, for systemd and the like, in place of returning when all is ready.")
    private boolean foreground;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        InstallationFolder home = datman.home();
        Daemon daemon = new Daemon(home, out);
        daemon.requireDown();
        Heaps.of(Supervisor.SERVICES, datman.environment());
        InstallationSettings settings = InstallationSettings.read(home.settings());
        chooseServer(settings);
        settings.set(
                InstallationSettings.STUDIES,
                config == null ? null : config.toAbsolutePath().normalize());
        settings.set(InstallationSettings.WEBHOOK_BIND, webhookBind);
        settings.set(InstallationSettings.WEBHOOK_PORT, webhookPort);
        settings.set(InstallationSettings.DASHBOARD_BIND, dashboardBind);
        settings.set(InstallationSettings.DASHBOARD_PORT, dashboardPort);
        chooseExternal(settings);
        boolean isOrthanc = settings.get(InstallationSettings.ORTHANC).isPresent();
        URI server = XnatAccount.address(
                isOrthanc ? "--orthanc" : "--xnat",
                settings.get(isOrthanc ? InstallationSettings.ORTHANC : InstallationSettings.XNAT)
                        .orElseThrow(
                                () -> new IOException("Which XNAT? Give its address with --xnat URL (an Orthanc's with"
                                        + " --orthanc URL); it is kept in " + home.settings())));
        Path studies = settings.get(InstallationSettings.STUDIES).map(Path::of).orElse(home.studies());
        Installation.requireStudies(studies);
        printFaults(studies, out);
        XnatAccount.check(isOrthanc ? SourceKind.ORTHANC : SourceKind.XNAT, server, datman.environment(), out);
        settings.write();
        List<String> arguments =
                new ArrayList<>(List.of("--xnat", server.toString(), "--keep-ports", "--studies", studies.toString()));
        if (isOrthanc) {
            arguments.addAll(List.of("--set", "DATMAN_XNAT_KIND=orthanc"));
        }
        settings.get(InstallationSettings.KAFKA).ifPresent(servers -> arguments.addAll(List.of("--kafka", servers)));
        settings.get(InstallationSettings.POSTGRES)
                .ifPresent(address -> arguments.addAll(List.of("--postgres", address)));
        if (foreground) {
            return daemon.run(arguments);
        }
        RunState state = daemon.start(arguments);
        Addresses.print(out, home, studies, state);
        out.println("  Settings   " + home.settings());
        out.flush();
        return 0;
    }

    /** One server: what was given last counts. */
    private void chooseServer(InstallationSettings settings) throws IOException {
        if (xnat != null && orthanc != null) {
            throw new IOException("Give --xnat or --orthanc: an installation reads one server");
        }
        if (xnat != null) {
            settings.remove(InstallationSettings.ORTHANC);
            settings.set(InstallationSettings.XNAT, xnat.strip());
        }
        if (orthanc != null) {
            settings.remove(InstallationSettings.XNAT);
            settings.set(InstallationSettings.ORTHANC, orthanc.strip());
        }
    }

    /** Kafka and PostgreSQL of the lab, if any; what was given last counts. */
    private void chooseExternal(InstallationSettings settings) throws IOException {
        if (kafka != null) {
            choose(settings, InstallationSettings.KAFKA, kafka);
        }
        if (postgres != null) {
            choose(settings, InstallationSettings.POSTGRES, postgres);
        }
        Optional<String> cluster = settings.get(InstallationSettings.KAFKA);
        if (cluster.isPresent()) {
            ExternalKafka.of(cluster.get());
        }
        Optional<String> database = settings.get(InstallationSettings.POSTGRES);
        if (database.isPresent()) {
            ExternalPostgres.of(database.get());
            ExternalPostgres.password(datman.environment());
        }
    }

    private static void choose(InstallationSettings settings, String name, String value) {
        if (value.strip().equals(InstallationSettings.EMBEDDED)) {
            settings.remove(name);
        } else {
            settings.set(name, value.strip());
        }
    }

    /** A faulty study stops no other and keeps its last valid text, so DATMAN starts; the faults are printed at once. */
    private static void printFaults(Path studies, PrintWriter out) {
        StudyConfigurations read = StudyConfigurations.load(studies);
        read.errors().forEach(error -> out.println("  " + error));
        if (!read.errors().isEmpty()) {
            out.println("  " + read.errors().size()
                    + " fault(s) in the study files; DATMAN reads them again when you fix them" + " (valid: "
                    + (read.valid().isEmpty()
                            ? "none"
                            : String.join(", ", read.valid().keySet())) + ")");
        }
        out.flush();
    }
}
