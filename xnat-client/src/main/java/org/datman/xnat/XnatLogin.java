package org.datman.xnat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The login session that all threads share. A thread that finds it lost renews it; the others wait and use the new one. An
 * idle session is verified before it is used again. The password opens the first session only: later ones
 * are opened with an alias token, which is renewed at half its life; where XNAT issues none, or refuses it, the password
 * is used again. After a refused password no login is tried with it for a while: XNAT locks accounts.
 */
final class XnatLogin {

    private static final Logger LOG = LoggerFactory.getLogger(XnatLogin.class);
    private static final Pattern SESSION_ID = Pattern.compile("[A-Za-z0-9._-]{8,128}");
    private static final Pattern LOGGED_IN = Pattern.compile("User '([^']+)' is logged in");

    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final long RESTED_NANOS = TimeUnit.MINUTES.toNanos(5);
    /** XNAT's default life of a token is two days; the response contains the actual one. */
    private static final long USUAL_TOKEN_MILLIS = TimeUnit.DAYS.toMillis(2);

    private final XnatConfig config;
    private final Transport http;
    private final LongSupplier nanos;
    private @Nullable String session;
    private long usedAt;
    private @Nullable Token token;
    private boolean issuesTokens = true;
    private boolean issueFailed;
    private long issueFailedAt;
    private @Nullable Refusal refusal;

    /** Replaces the account's password; {@code staleAt} is half its life. */
    private record Token(String alias, String secret, long staleAt) {}

    private record Refusal(String password, long at, String message) {}

    XnatLogin(XnatConfig config, Transport http) {
        this(config, http, System::nanoTime);
    }

    XnatLogin(XnatConfig config, Transport http, LongSupplier nanos) {
        this.config = config;
        this.http = http;
        this.nanos = nanos;
    }

    /** The session's id; opens one if there is none. */
    synchronized String session() throws IOException, InterruptedException {
        long now = nanos.getAsLong();
        if (session != null && now - usedAt > RESTED_NANOS && nameOf(session).isEmpty()) {
            session = null;
        }
        if (session == null) {
            session = open();
        }
        // A server that cannot issue one now is not called at every request: all threads wait here for its response.
        boolean mayAsk = issuesTokens && (!issueFailed || now - issueFailedAt > RESTED_NANOS);
        if (mayAsk && (token == null || now - token.staleAt() >= 0)) {
            token = issued(session);
        }
        usedAt = now;
        return session;
    }

    /** Another session than {@code lost}: the one that another thread has opened meanwhile, or a new one. */
    synchronized String renewed(String lost) throws IOException, InterruptedException {
        if (lost.equals(session)) {
            session = null;
        }
        return session();
    }

    private String open() throws IOException, InterruptedException {
        if (token != null) {
            Transport.Text answer = login(token.alias(), token.secret());
            if (isSession(answer)) {
                return answer.body();
            }
            LOG.info(
                    "XNAT no longer takes its alias token, the password is used server={} status={}",
                    config.server(),
                    answer.status());
            token = null;
        }
        String password = config.password().get();
        if (refusal != null
                && password.equals(refusal.password)
                && nanos.getAsLong() - refusal.at < config.lockOutPause().toNanos()) {
            throw XnatDenied.account(refusal.message, null);
        }
        Transport.Text answer = login(config.user(), password);
        if (isSession(answer)) {
            refusal = null;
            LOG.debug("Logged in at XNAT server={} user={}", config.server(), config.user());
            return answer.body();
        }
        String message = "XNAT " + config.server() + " refuses the login of account '" + config.user() + "' (status "
                + answer.status() + "). Check its password, its expiry and whether it is locked. No login is tried for "
                + config.lockOutPause() + ", unless the password changes, because XNAT locks accounts";
        refusal = new Refusal(password, nanos.getAsLong(), message);
        LOG.error("Login refused server={} error={}", config.server(), message);
        throw XnatDenied.account(message, null);
    }

    private Transport.Text login(String name, String secret) throws IOException, InterruptedException {
        String basic = Base64.getEncoder().encodeToString((name + ":" + secret).getBytes(StandardCharsets.UTF_8));
        Transport.Text answer = http.text("login", "POST", "/data/JSESSION", "Authorization", "Basic " + basic);
        if (answer.status() == 408 || answer.status() == 429 || answer.status() >= 500) {
            throw new IOException("status " + answer.status() + " at login");
        }
        return answer;
    }

    private static boolean isSession(Transport.Text answer) {
        return answer.status() == 200 && SESSION_ID.matcher(answer.body()).matches();
    }

    /** A new token for the owner of this session; the old one, or none, where XNAT issues none now. */
    private @Nullable Token issued(String id) throws InterruptedException {
        issueFailed = false;
        try {
            Transport.Text answer =
                    http.text("token", "GET", "/data/services/tokens/issue", "Cookie", "JSESSIONID=" + id);
            if (answer.status() == 200) {
                JsonNode fresh = JSON.readTree(answer.body());
                String alias = fresh.path("alias").asText("");
                String secret = fresh.path("secret").asText("");
                if (!alias.isEmpty() && !secret.isEmpty()) {
                    // Both times are the server's, so that its clock does not matter.
                    long life = fresh.path("estimatedExpirationTime").asLong(0)
                            - fresh.path("timestamp").asLong(0);
                    long usable = life > 0 && life <= 10 * USUAL_TOKEN_MILLIS ? life : USUAL_TOKEN_MILLIS;
                    return new Token(alias, secret, nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(usable / 2));
                }
            }
            // Old servers and some proxies have none: the password is used, as for this session.
            issuesTokens = answer.status() >= 500 || answer.status() == 408 || answer.status() == 429;
            LOG.debug("XNAT issues no alias token server={} status={}", config.server(), answer.status());
        } catch (IOException e) {
            LOG.debug("Requesting an alias token of XNAT failed", e);
        }
        issueFailed = true;
        issueFailedAt = nanos.getAsLong();
        return token;
    }

    /** The user of the session; empty text for none. */
    String nameOf(String id) throws IOException, InterruptedException {
        Transport.Text answer = http.text("auth", "GET", "/data/auth", "Cookie", "JSESSIONID=" + id);
        if (answer.status() == 408 || answer.status() == 429 || answer.status() >= 500) {
            throw new IOException("status " + answer.status() + " from /data/auth");
        }
        Matcher name = LOGGED_IN.matcher(answer.body());
        boolean somebody = answer.status() == 200
                && name.find()
                && !name.group(1).toLowerCase(Locale.ROOT).equals("guest");
        return somebody ? name.group(1) : "";
    }

    synchronized void close() {
        if (session != null) {
            try {
                http.text("logout", "DELETE", "/data/JSESSION", "Cookie", "JSESSIONID=" + session);
            } catch (IOException e) {
                LOG.debug("Logging out failed; XNAT ends the session by itself", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            session = null;
        }
    }
}
