package org.datman.xnat;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * How to reach an XNAT.
 *
 * @param base address with the context path, if there is one: {@code https://xnat.example.org/xnat}
 * @param server the short name under which DATMAN knows it; part of every session's identity
 * @param user account, or alias of an alias token
 * @param password read at each login, so that a changed secret file is used; never logged
 * @param zone of the server: XNAT sends times without one
 * @param concurrency most requests at the same time
 * @param connectTimeout for the connection
 * @param answerTimeout until the response headers
 * @param idleTimeout longest pause within a body; there is no limit on its whole duration
 * @param attempts attempts of a request during an outage before {@link XnatOutage}
 * @param firstPause before the second attempt; doubles from there, with jitter
 * @param lockOutPause pause after a refused login, unless the password changes
 * @param dicomWeb whether headers are read by the server's DICOMweb plug-in
 * @param userAgent must not look like a browser: XNAT would send login pages instead of errors
 */
@RecordBuilder
public record XnatConfig(
        URI base,
        String server,
        String user,
        Supplier<String> password,
        ZoneId zone,
        int concurrency,
        Duration connectTimeout,
        Duration answerTimeout,
        Duration idleTimeout,
        int attempts,
        Duration firstPause,
        Duration lockOutPause,
        boolean dicomWeb,
        String userAgent)
        implements XnatConfigBuilder.With {

    public XnatConfig {
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
        require(concurrency >= 1, "datman.xnat.concurrency is " + concurrency + "; at least 1 is needed");
        require(attempts >= 1, "datman.xnat.attempts is " + attempts + "; at least 1 is needed");
        for (Duration duration : List.of(connectTimeout, answerTimeout, idleTimeout, firstPause)) {
            require(
                    duration.toMillis() >= 1,
                    "A timeout or the first pause of datman.xnat is " + duration + "; at least PT0.001S is needed");
        }
        require(
                !lockOutPause.isNegative(),
                "datman.xnat.lock-out-pause is " + lockOutPause + "; it must not be negative");
        if (userAgent.contains("Mozilla") || userAgent.contains("Opera")) {
            throw new IllegalArgumentException("The user agent '" + userAgent + "' looks like a browser to XNAT");
        }
        String text = base.toString();
        base = text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : base;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** As the settings of a service say. */
    public static XnatConfig of(XnatSettings settings, String userAgent) {
        return new XnatConfig(
                settings.url(),
                settings.server(),
                settings.user(),
                Secrets.of(
                        settings.password().orElse(null),
                        settings.passwordFile().orElse(null)),
                settings.zone(),
                settings.concurrency(),
                settings.connectTimeout(),
                settings.answerTimeout(),
                settings.idleTimeout(),
                settings.attempts(),
                settings.firstPause(),
                settings.lockOutPause(),
                settings.dicomWeb(),
                userAgent);
    }

    /** With the defaults of {@link XnatSettings}, for programs that are no service. */
    public static XnatConfig of(URI base, String server, String user, Supplier<String> password) {
        return new XnatConfig(
                base,
                server,
                user,
                password,
                ZoneOffset.UTC,
                4,
                Duration.ofSeconds(10),
                Duration.ofSeconds(120),
                Duration.ofSeconds(90),
                4,
                Duration.ofSeconds(1),
                Duration.ofMinutes(10),
                false,
                "datman/1.0 (Java)");
    }

    /** The retry policy for an outage. */
    public XnatConfig withRetries(int newAttempts, Duration newFirstPause) {
        return with(config -> config.attempts(newAttempts).firstPause(newFirstPause));
    }

    public XnatConfig withTimeouts(Duration connect, Duration answer, Duration idle) {
        return with(
                config -> config.connectTimeout(connect).answerTimeout(answer).idleTimeout(idle));
    }
}
