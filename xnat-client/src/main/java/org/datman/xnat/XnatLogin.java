package org.datman.xnat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one login session that all threads share. Whoever finds it lost renews it; the others wait and take the new one. After
 * a refused login no other is tried for a while with the same password: XNAT locks accounts.
 */
final class XnatLogin {

    private static final System.Logger LOG = System.getLogger(XnatLogin.class.getName());
    private static final Pattern SESSION_ID = Pattern.compile("[A-Za-z0-9._-]{8,128}");
    private static final Pattern LOGGED_IN = Pattern.compile("User '([^']+)' is logged in");

    private final XnatConfig config;
    private final XnatHttp http;
    private String session;
    private String refusedPassword;
    private long refusedAt;
    private String refusal;

    XnatLogin(XnatConfig config, XnatHttp http) {
        this.config = config;
        this.http = http;
    }

    /** The session's id; opens one if there is none. */
    synchronized String session() throws IOException, InterruptedException {
        if (session == null) {
            session = open();
        }
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
        String password = config.password().get();
        if (password.equals(refusedPassword)
                && System.nanoTime() - refusedAt < config.lockOutPause().toNanos()) {
            throw XnatDenied.account(refusal, null);
        }
        String basic =
                Base64.getEncoder().encodeToString((config.user() + ":" + password).getBytes(StandardCharsets.UTF_8));
        XnatHttp.Text answer = http.text("login", "POST", "/data/JSESSION", "Authorization", "Basic " + basic);
        if (answer.status() == 408 || answer.status() == 429 || answer.status() >= 500) {
            throw new IOException("status " + answer.status() + " at login");
        }
        if (answer.status() == 200 && SESSION_ID.matcher(answer.body()).matches()) {
            refusedPassword = null;
            LOG.log(System.Logger.Level.DEBUG, "Logged in at XNAT {0} as {1}", config.server(), config.user());
            return answer.body();
        }
        refusedPassword = password;
        refusedAt = System.nanoTime();
        refusal = "XNAT " + config.server() + " refuses the login of account '" + config.user() + "' (status "
                + answer.status() + "). Check its password, its expiry and whether it is locked. No login is tried for "
                + config.lockOutPause() + ", unless the password changes, because XNAT locks accounts";
        LOG.log(System.Logger.Level.ERROR, refusal);
        throw XnatDenied.account(refusal, null);
    }

    /** Whose session it is; empty text for nobody's. */
    String nameOf(String id) throws IOException, InterruptedException {
        XnatHttp.Text answer = http.text("auth", "GET", "/data/auth", "Cookie", "JSESSIONID=" + id);
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
                LOG.log(System.Logger.Level.DEBUG, "Logging out failed; XNAT ends the session by itself", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            session = null;
        }
    }
}
