package org.datman.local.command;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.datman.local.InstallationFolder;
import org.datman.local.process.RunState;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of commands that ask a running dashboard, and the asking. */
final class DashboardAccess {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Option(names = "--url", description = "Address of the dashboard (default: that of the running installation).")
    private @Nullable URI url;

    @Option(
            names = "--user",
            defaultValue = "admin",
            description = "Account of the dashboard (default: ${DEFAULT-VALUE}).")
    private String user;

    @Option(
            names = "--password-file",
            description = "File with its password (default: the initial one of this installation).")
    private @Nullable Path passwordFile;

    /** Text of a type to be sent; null type: nothing is sent, and the method is GET. */
    HttpResponse<String> send(InstallationFolder home, String address, @Nullable String type, byte[] text)
            throws IOException, InterruptedException {
        URI dashboard = url;
        if (dashboard == null) {
            dashboard = RunState.running(home.runState())
                    .map(state -> URI.create(state.dashboardUrl()))
                    .orElseThrow(() -> new IOException(
                            "DATMAN is not running here; start it, or give the dashboard of another with --url"));
        }
        Path secret = passwordFile == null ? home.secret("dashboard-password") : passwordFile;
        String login = user + ":" + Files.readString(secret).strip();
        HttpRequest.Builder request = HttpRequest.newBuilder(dashboard.resolve(address))
                .timeout(PATIENCE)
                .header("X-Requested-With", "datman")
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
        if (type != null) {
            request.header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofByteArray(text));
        }
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    /** Why the dashboard did not answer as it was asked, and what to do. */
    String refusal(int status, String body) {
        return switch (status) {
            case 401 ->
                "The dashboard does not accept the password of '" + user
                        + "'; give the account with --user and --password-file";
            case 403 -> "Account '" + user + "' may not do that; it needs the role manager";
            default ->
                "The dashboard answers " + status + ": "
                        + body.lines().findFirst().orElse("");
        };
    }
}
