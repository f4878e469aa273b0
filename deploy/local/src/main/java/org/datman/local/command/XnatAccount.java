package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.datman.xnat.Secrets;
import org.datman.xnat.XnatClient;
import org.datman.xnat.XnatConfig;
import org.datman.xnat.XnatDenied;
import org.datman.xnat.XnatException;

/** The account on XNAT, tried once before the services start: their retries with a wrong one would make XNAT lock it. */
final class XnatAccount {

    private XnatAccount() {}

    /**
     * The address of an XNAT as a person wrote it.
     *
     * @throws IOException when it lacks {@code https://} or the host, with the expected form
     */
    static URI address(String text) throws IOException {
        try {
            URI address = new URI(text.strip());
            boolean web = "https".equalsIgnoreCase(address.getScheme()) || "http".equalsIgnoreCase(address.getScheme());
            if (web && address.getHost() != null) {
                return address;
            }
        } catch (URISyntaxException e) {
            throw new IOException("--xnat is '" + text + "', which is no address: " + e.getMessage(), e);
        }
        throw new IOException("--xnat is '" + text + "', which is no web address; write https://… (or http://…) as in"
                + " https://xnat.example.org or https://example.org/xnat");
    }

    /**
     * Access to an XNAT, without a request.
     *
     * @param environment where {@code DATMAN_XNAT_USER} and {@code DATMAN_XNAT_PASSWORD} or
     *     {@code DATMAN_XNAT_PASSWORD_FILE} are set
     * @throws IOException when the account is missing
     */
    static XnatConfig access(URI xnat, Map<String, String> environment) throws IOException {
        Optional<String> user = Optional.ofNullable(environment.get("DATMAN_XNAT_USER"));
        Optional<String> password = Optional.ofNullable(environment.get("DATMAN_XNAT_PASSWORD"));
        Optional<Path> file = Optional.ofNullable(environment.get("DATMAN_XNAT_PASSWORD_FILE"))
                .map(Path::of);
        if (user.isEmpty() || (password.isEmpty() && file.isEmpty())) {
            throw new IOException("The account on " + xnat
                    + " is missing: set DATMAN_XNAT_USER and DATMAN_XNAT_PASSWORD (or DATMAN_XNAT_PASSWORD_FILE)");
        }
        return XnatConfig.of(xnat, "xnat", user.get(), Secrets.of(password.orElse(null), file.orElse(null)))
                .withRetries(1, Duration.ofMillis(100));
    }

    /**
     * Logs in once.
     *
     * @param environment as for {@link #access}
     * @throws IOException when the account is missing, or XNAT refuses it; an XNAT that does not answer is only reported,
     *     because DATMAN waits for it
     */
    static void check(URI xnat, Map<String, String> environment, PrintWriter out) throws IOException {
        try (XnatClient client = new XnatClient(access(xnat, environment))) {
            out.println("  " + xnat + " knows the account '" + client.whoAmI() + "'");
        } catch (XnatDenied e) {
            throw new IOException(e.getMessage() + ". Nothing was started", e);
        } catch (XnatException e) {
            out.println("  XNAT does not answer now; DATMAN starts and waits for it (" + e.getMessage() + ")");
        }
        out.flush();
    }
}
