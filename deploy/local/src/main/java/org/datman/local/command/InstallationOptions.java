package org.datman.local.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.datman.local.InstallationSettings;
import org.datman.local.process.ExternalKafka;
import org.datman.local.process.ExternalPostgres;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that become settings of the installation: those of {@code up}, and of {@code doctor}, which looks at them before the first start. */
final class InstallationOptions {

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

    /**
     * Puts what was given into the settings; they are not written.
     *
     * @throws IOException when two servers were given
     */
    void apply(InstallationSettings settings) throws IOException {
        chooseServer(settings);
        settings.set(
                InstallationSettings.STUDIES,
                config == null ? null : config.toAbsolutePath().normalize());
        settings.set(InstallationSettings.WEBHOOK_BIND, webhookBind);
        settings.set(InstallationSettings.WEBHOOK_PORT, webhookPort);
        settings.set(InstallationSettings.DASHBOARD_BIND, dashboardBind);
        settings.set(InstallationSettings.DASHBOARD_PORT, dashboardPort);
        chooseExternal(settings);
    }

    /**
     * Whether Kafka and PostgreSQL of the lab are given as they must be.
     *
     * @throws IOException with what to write
     */
    static void check(InstallationSettings settings, Map<String, String> environment) throws IOException {
        Optional<String> cluster = settings.get(InstallationSettings.KAFKA);
        if (cluster.isPresent()) {
            ExternalKafka.of(cluster.get());
        }
        Optional<String> database = settings.get(InstallationSettings.POSTGRES);
        if (database.isPresent()) {
            ExternalPostgres.of(database.get());
            ExternalPostgres.password(environment);
        }
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
    private void chooseExternal(InstallationSettings settings) {
        if (kafka != null) {
            choose(settings, InstallationSettings.KAFKA, kafka);
        }
        if (postgres != null) {
            choose(settings, InstallationSettings.POSTGRES, postgres);
        }
    }

    private static void choose(InstallationSettings settings, String name, String value) {
        if (value.strip().equals(InstallationSettings.EMBEDDED)) {
            settings.remove(name);
        } else {
            settings.set(name, value.strip());
        }
    }
}
