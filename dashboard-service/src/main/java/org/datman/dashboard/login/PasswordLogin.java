package org.datman.dashboard.login;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.UsernamePasswordAuthenticationRequest;
import io.quarkus.security.jpa.runtime.JpaIdentityProvider;
import io.quarkus.vertx.http.runtime.security.HttpSecurityUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.datman.dashboard.audit.AuditLog;
import org.jboss.logging.Logger;

/** Checks a password, for the form and for basic authentication: delayed after wrong ones, and with a log message. */
@ApplicationScoped
public class PasswordLogin implements IdentityProvider<UsernamePasswordAuthenticationRequest> {

    private static final Logger LOG = Logger.getLogger(PasswordLogin.class);
    /** Quarkus' own providers have priority 1001, higher than its SYSTEM_FIRST. */
    private static final int BEFORE_ALL_OTHERS = 2_000;

    private final JpaIdentityProvider passwords;
    private final LoginAttempts attempts;
    private final AuditLog audit;

    PasswordLogin(JpaIdentityProvider passwords, LoginAttempts attempts, AuditLog audit) {
        this.audit = audit;
        this.passwords = passwords;
        this.attempts = attempts;
    }

    @Override
    public Class<UsernamePasswordAuthenticationRequest> getRequestType() {
        return UsernamePasswordAuthenticationRequest.class;
    }

    @Override
    public int priority() {
        return BEFORE_ALL_OTHERS;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(
            UsernamePasswordAuthenticationRequest request, AuthenticationRequestContext context) {
        RoutingContext http = HttpSecurityUtils.getRoutingContextAttribute(request);
        String address = http == null || http.request().remoteAddress() == null
                ? "unknown"
                : http.request().remoteAddress().hostAddress();
        String username = request.getUsername();
        Duration wait = attempts.wait(username, address);
        if (!wait.isZero()) {
            long seconds = wait.toSeconds() + 1;
            LOG.warnf("Login refused user=%s address=%s waitSeconds=%d", Accounts.forLog(username), address, seconds);
            if (http != null) {
                http.addHeadersEndHandler(end -> respondWait(http.response(), seconds));
            }
            return Uni.createFrom().failure(new AuthenticationFailedException("Too many wrong passwords"));
        }
        return passwords
                .authenticate(request, context)
                .onFailure(AuthenticationFailedException.class)
                .recoverWithUni(e -> {
                    boolean locked = attempts.failed(username, address);
                    LOG.warnf("Login failed user=%s address=%s", Accounts.forLog(username), address);
                    return context.runBlocking(() -> {
                        recordFailure(username, address, locked);
                        throw new AuthenticationFailedException(e);
                    });
                })
                .onItem()
                .invoke(identity -> attempts.succeeded(username, address));
    }

    private void recordFailure(String username, String address, boolean locked) {
        String name = Accounts.forLog(username);
        audit.record(name, address, new AuditLog.Entry("login-failed", "", name, ""));
        if (locked) {
            audit.record(name, address, new AuditLog.Entry("login-locked", "", name, "too many wrong passwords"));
        }
    }

    private static void respondWait(HttpServerResponse response, long seconds) {
        response.headers().set("Retry-After", Long.toString(seconds));
        String location = response.headers().get(HttpHeaders.LOCATION);
        if (location != null && location.contains("/login?failed=")) {
            response.headers().set(HttpHeaders.LOCATION, location + "&wait=" + seconds);
        }
    }
}
