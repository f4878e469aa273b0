package org.datman.dashboard.login;

import io.quarkus.security.credential.PasswordCredential;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.FormAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpSecurityUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.dashboard.audit.AuditLog;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The valid logins. Quarkus' cookie alone identifies the user until it expires and cannot be revoked; a second cookie
 * names a row here, and without the row the first is invalid. Logout and a new password delete rows.
 */
@ApplicationScoped
public class LoginSessions implements SecurityIdentityAugmentor {

    /** Name of the cookie in addition to Quarkus' own. */
    static final String COOKIE = "datman-login";

    private static final int BYTES = 32;

    private final Logins logins;
    private final AuditLog audit;
    private final Duration longest;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    LoginSessions(
            Logins logins,
            AuditLog audit,
            // The maximum age of a login, also for a user who is never idle.
            @ConfigProperty(name = "datman.dashboard.login.longest") Duration longest,
            Clock clock) {
        this.logins = logins;
        this.audit = audit;
        this.longest = longest;
        this.clock = clock;
    }

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        return Uni.createFrom().item(identity);
    }

    @Override
    public Uni<SecurityIdentity> augment(
            SecurityIdentity identity, AuthenticationRequestContext context, Map<String, Object> attributes) {
        RoutingContext request = HttpSecurityUtils.getRoutingContextAttribute(attributes);
        if (identity.isAnonymous() || request == null) {
            return Uni.createFrom().item(identity);
        }
        String name = identity.getPrincipal().getName();
        if (identity.getAttribute(TokenLogin.GRANT) != null) {
            return Uni.createFrom().item(identity);
        }
        if (identity.getCredential(PasswordCredential.class) != null) {
            boolean form = HttpMethod.POST.equals(request.request().method())
                    && "/j_security_check".equals(request.normalizedPath());
            return form
                    ? context.runBlocking(() -> {
                        begin(request, name);
                        return identity;
                    })
                    : Uni.createFrom().item(identity);
        }
        Cookie cookie = request.request().getCookie(COOKIE);
        if (cookie == null) {
            return Uni.createFrom().item(anonymous(request));
        }
        return context.runBlocking(() -> isValid(cookie.getValue(), name) ? identity : anonymous(request));
    }

    private void begin(RoutingContext request, String name) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant now = clock.instant();
        logins.begin(new Login(DigestUtils.sha256Hex(id), name, now.plus(longest)), now);
        audit.record(name, AuditLog.address(request), new AuditLog.Entry("login", "", name, ""));
        request.response()
                .addCookie(Cookie.cookie(COOKIE, id)
                        .setPath("/")
                        .setHttpOnly(true)
                        .setSameSite(CookieSameSite.STRICT)
                        .setSecure(request.request().isSSL()));
    }

    private boolean isValid(String id, String name) {
        return logins.isValid(DigestUtils.sha256Hex(id), name, clock.instant());
    }

    /** Ends the login of this cookie. */
    void end(String id) {
        logins.end(DigestUtils.sha256Hex(id));
    }

    /** Ends all logins of an account. */
    void endAll(String username) {
        logins.endAll(username);
    }

    /** Not an error, so that a user whose login has ended sees the login page; the invalid cookies are removed. */
    private static SecurityIdentity anonymous(RoutingContext request) {
        request.addHeadersEndHandler(end -> FormAuthenticationMechanism.logout(request));
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(""))
                .setAnonymous(true)
                .build();
    }
}
