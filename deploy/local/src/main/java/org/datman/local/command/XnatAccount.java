package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.datman.xnat.CallObserver;
import org.datman.xnat.ImageSource;
import org.datman.xnat.OrthancNames;
import org.datman.xnat.Secrets;
import org.datman.xnat.SourceKind;
import org.datman.xnat.XnatConfig;
import org.datman.xnat.XnatDenied;
import org.datman.xnat.XnatException;

/** The account on the XNAT or Orthanc, tried once before the services start: their retries with a wrong one would make XNAT lock it. */
final class XnatAccount {

    private XnatAccount() {}

    /**
     * The address of a server as a person wrote it.
     *
     * @param option by which it was given
     * @throws IOException when it lacks {@code https://} or the host, with the expected form
     */
    static URI address(String option, String text) throws IOException {
        try {
            URI address = new URI(text.strip());
            boolean web = "https".equalsIgnoreCase(address.getScheme()) || "http".equalsIgnoreCase(address.getScheme());
            if (web && address.getHost() != null) {
                return address;
            }
        } catch (URISyntaxException e) {
            throw new IOException(option + " is '" + text + "', which is no address: " + e.getMessage(), e);
        }
        throw new IOException(
                option + " is '" + text + "', which is no web address; write https://… (or http://…) as in"
                        + " https://xnat.example.org or https://example.org/xnat");
    }

    /**
     * Access to a server, without a request.
     *
     * @param environment where {@code DATMAN_XNAT_USER} and {@code DATMAN_XNAT_PASSWORD} or
     *     {@code DATMAN_XNAT_PASSWORD_FILE} are set, for an Orthanc {@code DATMAN_ORTHANC_USER} and so on
     * @throws IOException when the account is missing
     */
    static XnatConfig access(SourceKind kind, URI server, Map<String, String> environment) throws IOException {
        String prefix = "DATMAN_" + kind;
        Optional<String> user = Optional.ofNullable(environment.get(prefix + "_USER"));
        Optional<String> password = Optional.ofNullable(environment.get(prefix + "_PASSWORD"));
        Optional<Path> file =
                Optional.ofNullable(environment.get(prefix + "_PASSWORD_FILE")).map(Path::of);
        if (user.isEmpty() || (password.isEmpty() && file.isEmpty())) {
            throw new IOException("The account on " + server + " is missing: set " + prefix + "_USER and " + prefix
                    + "_PASSWORD (or " + prefix + "_PASSWORD_FILE)");
        }
        String name = kind.name().toLowerCase(Locale.ROOT);
        return XnatConfig.of(server, name, user.get(), Secrets.of(password.orElse(null), file.orElse(null)))
                .withRetries(1, Duration.ofMillis(100));
    }

    /**
     * Logs in once.
     *
     * @param environment as for {@link #access}
     * @throws IOException when the account is missing, the server refuses it, or studies on an Orthanc cannot be named as set; one that does not answer is only reported,
     *     because DATMAN waits for it
     */
    static void check(SourceKind kind, URI server, Map<String, String> environment, PrintWriter out)
            throws IOException {
        try (ImageSource source =
                kind.open(access(kind, server, environment), orthancNames(environment), CallObserver.NONE)) {
            out.println("  " + server + " knows the account '" + source.whoAmI() + "'");
        } catch (XnatDenied e) {
            throw new IOException(e.getMessage() + ". Nothing was started", e);
        } catch (XnatException e) {
            out.println("  The server does not answer now; DATMAN starts and waits for it (" + e.getMessage() + ")");
        }
        out.flush();
    }

    /** As the services read them; what they would not start with is refused here at once, not after five starts. */
    private static OrthancNames orthancNames(Map<String, String> environment) throws IOException {
        OrthancNames usual = OrthancNames.DEFAULT;
        try {
            return OrthancNames.of(
                    environment.getOrDefault("DATMAN_ORTHANC_PROJECT", usual.project()),
                    environment.getOrDefault(
                            "DATMAN_ORTHANC_PROJECT_PATTERN", usual.pattern().pattern()),
                    environment.getOrDefault("DATMAN_ORTHANC_LABEL", usual.label()),
                    environment.getOrDefault("DATMAN_ORTHANC_SUBJECT", usual.subject()));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage() + ". Set DATMAN_ORTHANC_… right. Nothing was started", e);
        }
    }
}
