package org.datman.dashboard.login;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.dashboard.access.Grant;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.audit.AuditLog;

/** The tokens of programs. */
@ApplicationScoped
class ApiTokens implements PanacheRepositoryBase<ApiToken, String> {

    /** Every token begins so, and programs that look for leaked secrets find it. */
    static final String PREFIX = "datman_";

    static final int MOST_DAYS = 366;

    private static final int BYTES = 32;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}");

    private final AuditLog audit;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    ApiTokens(AuditLog audit, Clock clock) {
        this.audit = audit;
        this.clock = clock;
    }

    /** A token as the page shows it. */
    public record Listed(String username, String name, Grant grant, Instant created, Instant until) {}

    /**
     * A new token, or why there is none.
     *
     * @param token shown once; empty when there is none
     * @param problem empty when there is one
     */
    record Created(String token, String problem) {}

    /** Creates a token of an account. */
    @Transactional
    Created create(String username, String name, Grant grant, int days) {
        if (!NAME.matcher(name).matches()) {
            return new Created("", "A name has 1 to 40 letters, digits, spaces, '.', '_' or '-'");
        }
        Optional<String> wrong = Accounts.problem(grant);
        if (wrong.isPresent()) {
            return new Created("", wrong.get());
        }
        if (grant.role().equals(Role.ADMIN)) {
            return new Created("", "A token cannot have the role " + Role.ADMIN + ": accounts are managed by people");
        }
        if (days < 1 || days > MOST_DAYS) {
            return new Created("", "A token is valid for 1 to " + MOST_DAYS + " days");
        }
        Instant now = clock.instant();
        delete("username = ?1 and validUntil < ?2", username, now);
        if (count("username = ?1 and name = ?2", username, name) > 0) {
            return new Created("", "You have a token of that name: revoke it, or choose another name");
        }
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant until = now.plus(Duration.ofDays(days));
        persist(new ApiToken(DigestUtils.sha256Hex(token), username, name, grant, now, until));
        audit.record(
                new AuditLog.Entry("token-created", grant.study(), username, name + ": " + grant + " until " + until));
        return new Created(token, "");
    }

    /** The token of that text while it is valid. Asked at every request of a program, without a transaction. */
    @ActivateRequestContext
    Optional<ApiToken> valid(String token) {
        return find("digest = ?1 and validUntil > ?2", DigestUtils.sha256Hex(token), clock.instant())
                .firstResultOptional();
    }

    /** The tokens of an account or, without one, of all. */
    @Transactional
    List<Listed> of(String username) {
        Sort order = Sort.by("username", "name");
        return (username.isEmpty() ? listAll(order) : list("username", order, username))
                .stream()
                        .map(token -> new Listed(
                                token.username(), token.name(), token.grant(), token.created(), token.validUntil()))
                        .toList();
    }

    /** Whether there was such a token. */
    @Transactional
    boolean revoke(String username, String name) {
        boolean revoked = delete("username = ?1 and name = ?2", username, name) > 0;
        if (revoked) {
            audit.record(new AuditLog.Entry("token-revoked", "", username, name));
        }
        return revoked;
    }

    void revokeAll(String username) {
        delete("username", username);
    }
}
