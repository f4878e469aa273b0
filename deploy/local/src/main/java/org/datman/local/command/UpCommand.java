package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.local.InstallationFolder;
import org.datman.local.InstallationSettings;
import org.datman.local.process.Heaps;
import org.datman.local.process.RunState;
import org.datman.local.process.Supervisor;
import org.datman.xnat.SourceKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private InstallationOptions options = new InstallationOptions();

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
        options.apply(settings);
        InstallationOptions.check(settings, datman.environment());
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
