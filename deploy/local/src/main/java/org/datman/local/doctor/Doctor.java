package org.datman.local.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.embedded.LocalPostgres;
import org.datman.local.InstallationFolder;
import org.datman.local.InstallationSettings;
import org.datman.local.process.ExternalKafka;
import org.datman.local.process.ExternalPostgres;
import org.datman.local.process.RunState;
import org.datman.xnat.SourceKind;
import org.datman.xnat.XnatConfig;
import org.jspecify.annotations.Nullable;

/**
 * All checks of an installation, running or not. It changes nothing: a file that it writes into the archive is removed at once.
 *
 * @param settings of the installation, with what was given now
 * @param access to the XNAT or Orthanc of the settings; null when none is set, or its account is missing
 * @param noAccess why it is null
 */
public record Doctor(
        InstallationFolder home,
        InstallationSettings settings,
        Map<String, String> environment,
        SourceKind kind,
        @Nullable XnatConfig access,
        String noAccess,
        Clock clock) {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** What all checks found, in their order. */
    public List<Diagnosis> look() throws IOException, InterruptedException {
        Path studies = settings.get(InstallationSettings.STUDIES).map(Path::of).orElse(home.studies());
        RunState running = RunState.running(home.runState()).orElse(null);
        List<Diagnosis> findings = new ArrayList<>(new MachineChecks(environment).look());
        findings.addAll(new FolderChecks(home, studies).look());
        findings.addAll(source(running));
        findings.addAll(postgres(running));
        findings.addAll(kafka(running));
        findings.addAll(webhooks(running));
        return findings;
    }

    private List<Diagnosis> source(@Nullable RunState running) throws InterruptedException {
        if (access != null) {
            return new SourceChecks(kind, access, clock).look();
        }
        return List.of(
                running != null
                                && settings.get(
                                                kind == SourceKind.ORTHANC
                                                        ? InstallationSettings.ORTHANC
                                                        : InstallationSettings.XNAT)
                                        .isEmpty()
                        ? Diagnosis.ok(kind.product(), running.xnatUrl() + " is the simulated one of the demo")
                        : Diagnosis.error(
                                kind.product(),
                                noAccess,
                                "Give it with ./datman up; docs/operations.md begins with it"));
    }

    private List<Diagnosis> postgres(@Nullable RunState running) throws IOException {
        Optional<String> lab = settings.get(InstallationSettings.POSTGRES);
        try {
            ExternalPostgres server;
            String password;
            if (lab.isPresent()) {
                server = ExternalPostgres.of(lab.get());
                password = ExternalPostgres.password(environment);
            } else if (running != null && !running.jdbcUrl().isEmpty()) {
                server = new ExternalPostgres(running.jdbcUrl(), LocalPostgres.USER);
                password = Files.readString(home.secret(InstallationFolder.POSTGRES_PASSWORD))
                        .strip();
            } else {
                return List.of(Diagnosis.ok("PostgreSQL", "embedded; it is looked at while DATMAN runs"));
            }
            try (Connection connection = server.connect(password)) {
                return StoreChecks.postgres(connection, lab.isPresent());
            }
        } catch (SQLException e) {
            return List.of(Diagnosis.error(
                    "PostgreSQL",
                    String.valueOf(e.getMessage()),
                    "Check --postgres, DATMAN_POSTGRES_PASSWORD_FILE, and that the server runs"));
        }
    }

    private List<Diagnosis> kafka(@Nullable RunState running) throws IOException, InterruptedException {
        Optional<String> lab = settings.get(InstallationSettings.KAFKA);
        String servers;
        if (lab.isPresent()) {
            servers = ExternalKafka.of(lab.get()).bootstrapServers();
        } else if (running != null && !running.bootstrapServers().isEmpty()) {
            servers = running.bootstrapServers();
        } else {
            return List.of(Diagnosis.ok("Kafka", "embedded; it is looked at while DATMAN runs"));
        }
        return StoreChecks.kafka(
                ExternalKafka.client(servers, lab.isPresent() ? environment : Map.of(), PATIENCE), lab.isPresent());
    }

    private List<Diagnosis> webhooks(@Nullable RunState running) throws IOException, InterruptedException {
        if (running == null) {
            return List.of(Diagnosis.ok("webhooks", "they are tried while DATMAN runs"));
        }
        String address = running.webhookUrl();
        if (address.isEmpty()) {
            return List.of();
        }
        return List.of(WebhookCheck.look(
                address, Files.readString(home.secret("webhook-secret")).strip(), clock));
    }
}
