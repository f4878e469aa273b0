package org.datman.local.command;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.datman.local.InstallationSettings;
import org.datman.local.doctor.Diagnosis;
import org.datman.local.doctor.Doctor;
import org.datman.xnat.SourceKind;
import org.datman.xnat.XnatConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "doctor",
        description =
                "Tells what is wrong with this machine, the settings and the servers around DATMAN, and what to do. It changes"
                        + " nothing; the exit code is 1 when something must be corrected. Before the first start give it the options of up.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

    @ParentCommand
    private DatmanCommand datman;

    @Spec
    private CommandSpec spec;

    @Mixin
    private InstallationOptions options = new InstallationOptions();

    @Option(names = "--json", description = "Prints the findings as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        InstallationSettings settings = InstallationSettings.read(datman.home().settings());
        options.apply(settings);
        Optional<String> orthanc = settings.get(InstallationSettings.ORTHANC);
        SourceKind kind = orthanc.isPresent() ? SourceKind.ORTHANC : SourceKind.XNAT;
        Optional<String> server = orthanc.isPresent() ? orthanc : settings.get(InstallationSettings.XNAT);
        XnatConfig access = null;
        String noAccess = "none is set in " + datman.home().settings();
        if (server.isPresent()) {
            try {
                access = XnatAccount.access(
                        kind,
                        XnatAccount.address(orthanc.isPresent() ? "--orthanc" : "--xnat", server.get()),
                        datman.environment());
            } catch (IOException e) {
                noAccess = String.valueOf(e.getMessage());
            }
        }
        List<Diagnosis> findings = look(settings, kind, access, noAccess);
        if (json) {
            out.println(JsonMapper.builder()
                    .build()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(findings));
        } else {
            findings.forEach(finding -> print(finding, out));
        }
        return findings.stream().anyMatch(finding -> finding.level() == Diagnosis.Level.ERROR) ? 1 : 0;
    }

    private List<Diagnosis> look(
            InstallationSettings settings, SourceKind kind, @Nullable XnatConfig access, String noAccess)
            throws IOException, InterruptedException {
        return new Doctor(datman.home(), settings, datman.environment(), kind, access, noAccess, Clock.systemUTC())
                .look();
    }

    private static void print(Diagnosis finding, PrintWriter out) {
        out.printf(
                "  %-8s %-20s %s%n", finding.level().name().toLowerCase(Locale.ROOT), finding.what(), finding.found());
        if (!finding.advice().isEmpty()) {
            out.printf("  %-8s %-20s -> %s%n", "", "", finding.advice());
        }
    }
}
