package org.datman.local.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.datman.xnat.CallObserver;
import org.datman.xnat.ImageSource;
import org.datman.xnat.OrthancNames;
import org.datman.xnat.SourceKind;
import org.datman.xnat.XnatConfig;
import org.datman.xnat.XnatDenied;
import org.datman.xnat.XnatException;
import org.jspecify.annotations.Nullable;

/** The XNAT or Orthanc: version, clock and login. */
final class SourceChecks {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** A webhook that is older or newer than five minutes is refused; this is well before. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    private final SourceKind kind;
    private final XnatConfig access;
    private final Clock clock;

    SourceChecks(SourceKind kind, XnatConfig access, Clock clock) {
        this.kind = kind;
        this.access = access;
        this.clock = clock;
    }

    List<Diagnosis> look() throws InterruptedException {
        List<Diagnosis> findings = new ArrayList<>();
        HttpResponse<String> response;
        try {
            response = version();
        } catch (IOException e) {
            return List.of(Diagnosis.error(
                    kind.product(),
                    access.base() + " does not answer (" + e + ")",
                    "Check the address, the network, and that the server runs; DATMAN waits for it"));
        }
        findings.add(versionFound(response));
        findings.add(skew(response.headers().firstValue("Date").orElse(null), clock.instant()));
        findings.add(login());
        return findings;
    }

    private HttpResponse<String> version() throws IOException, InterruptedException {
        String path = kind == SourceKind.ORTHANC ? "/system" : "/xapi/siteConfig/buildInfo";
        HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        return http.send(
                HttpRequest.newBuilder(URI.create(access.base().toString().replaceAll("/$", "") + path))
                        .timeout(PATIENCE)
                        .header("User-Agent", access.userAgent())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private Diagnosis versionFound(HttpResponse<String> response) {
        if (response.statusCode() / 100 == 2) {
            try {
                JsonNode about = new ObjectMapper().readTree(response.body());
                String version = about.path(kind == SourceKind.ORTHANC ? "Version" : "version")
                        .asText("");
                if (!version.isEmpty()) {
                    return Diagnosis.ok(kind.product(), access.base() + " answers, version " + version);
                }
            } catch (IOException noJson) {
                return Diagnosis.error(
                        kind.product(),
                        access.base() + " answers with something that is no " + kind.product(),
                        "Check the address; an XNAT below a path needs it, as in https://example.org/xnat");
            }
        }
        // An Orthanc and a closed XNAT ask for a login first.
        return response.statusCode() == 401 || response.statusCode() == 403
                ? Diagnosis.ok(kind.product(), access.base() + " answers; it tells no version without a login")
                : Diagnosis.error(
                        kind.product(),
                        access.base() + " answers with HTTP status " + response.statusCode(),
                        "Check the address; an XNAT below a path needs it, as in https://example.org/xnat");
    }

    static Diagnosis skew(@Nullable String date, Instant now) {
        if (date == null) {
            return Diagnosis.warning("clocks", "the server does not tell its time", "Let both machines use NTP");
        }
        try {
            Instant theirs = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration skew = Duration.between(theirs, now).abs();
            String found = skew.toSeconds() + " s between this machine and the server";
            return skew.compareTo(SKEW) > 0
                    ? Diagnosis.error(
                            "clocks",
                            found,
                            "Let both machines use NTP: webhooks that differ by more than five minutes are refused")
                    : Diagnosis.ok("clocks", found);
        } catch (DateTimeException e) {
            return Diagnosis.warning("clocks", "the server does not tell its time", "Let both machines use NTP");
        }
    }

    private Diagnosis login() {
        try (ImageSource source = kind.open(access, OrthancNames.DEFAULT, CallObserver.NONE)) {
            return Diagnosis.ok("login", "the server knows the account '" + source.whoAmI() + "'");
        } catch (XnatDenied e) {
            return Diagnosis.error(
                    "login", String.valueOf(e.getMessage()), "Set the right account and password in the environment");
        } catch (XnatException e) {
            return Diagnosis.error("login", String.valueOf(e.getMessage()), "Look at the server; DATMAN waits for it");
        }
    }
}
