package org.datman.simulator.auth;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Accounts, server sessions and alias tokens, with XNAT's default limits. Safe to call from any thread. */
public final class SimulatedAccounts {
    /** Failures after which an account is locked for {@link #LOCKOUT}. */
    public static final int MAX_FAILURES = 20;

    public static final Duration LOCKOUT = Duration.ofHours(1);

    /** An alias token. */
    public record Token(long id, String alias, String secret, String user, Instant created, Instant expires) {}

    /** The result of a credential check: a user, or why not. */
    public record Login(@Nullable User user, int status, String message) {}

    private static final class ServerSession {
        final String user;
        Instant used;

        ServerSession(String user, Instant used) {
            this.user = user;
            this.used = used;
        }
    }

    private final Clock clock;
    private final int maxSessions;
    private final Duration tokenLife;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, User> users = new LinkedHashMap<>();
    private final Map<String, ServerSession> sessions = new HashMap<>();
    private final Map<String, Token> tokens = new LinkedHashMap<>();
    private final Map<String, Integer> failures = new HashMap<>();
    private final Map<String, Instant> lockedUntil = new HashMap<>();
    private Duration timeout;
    private long lastToken;

    /**
     * @param timeout idle time after which a session ends
     * @param maxSessions open sessions per user beyond which logins are rejected
     */
    public SimulatedAccounts(Clock clock, List<User> users, Duration timeout, int maxSessions, Duration tokenLife) {
        this.clock = clock;
        this.timeout = timeout;
        this.maxSessions = maxSessions;
        this.tokenLife = tokenLife;
        users.forEach(u -> this.users.put(u.name(), u));
    }

    public synchronized List<User> users() {
        return List.copyOf(users.values());
    }

    /** Adds or changes an account. */
    public synchronized void put(User user) {
        users.put(user.name(), user);
        failures.remove(user.name());
        lockedUntil.remove(user.name());
    }

    /** Expires or repairs a password, locks or unlocks. */
    public synchronized void setCondition(String name, User.Condition condition) {
        User user = users.get(name);
        if (user == null) {
            throw new IllegalArgumentException("no account " + name);
        }
        put(user.with(condition));
    }

    public synchronized Duration timeout() {
        return timeout;
    }

    public synchronized void setTimeout(Duration newTimeout) {
        timeout = newTimeout;
    }

    // ---- credentials -----------------------------------------------------------------------------------------------

    /** Checks a name (or {@code provider/name}, or the alias of a token) and a password (or the secret). */
    public synchronized Login login(String givenName, String password) {
        Token token = tokens.get(givenName);
        if (token != null) {
            User owner = users.get(token.user());
            boolean good = token.secret().equals(password) && clock.instant().isBefore(token.expires());
            return good && owner != null
                    ? new Login(owner, 200, "")
                    : new Login(
                            null,
                            403,
                            "Your security token has expired or is invalid. Please try again after updating.");
        }
        String name = givenName.substring(givenName.indexOf('/') + 1);
        User user = users.get(name);
        Instant until = lockedUntil.get(name);
        if (until != null && clock.instant().isBefore(until)) {
            return locked();
        }
        if (user == null || !user.password().equals(password)) {
            int count = failures.merge(name, 1, Integer::sum);
            if (count >= MAX_FAILURES) {
                lockedUntil.put(name, clock.instant().plus(LOCKOUT));
            }
            return new Login(null, 401, "Bad credentials");
        }
        failures.remove(name);
        lockedUntil.remove(name);
        return switch (user.condition()) {
            case GOOD -> new Login(user, 200, "");
            case PASSWORD_EXPIRED ->
                new Login(null, 403, "Your password has expired. Please try again after changing your password.");
            case LOCKED -> locked();
            case DISABLED -> new Login(null, 401, "User is disabled");
        };
    }

    private static Login locked() {
        return new Login(null, 401, "User account is locked");
    }

    // ---- sessions --------------------------------------------------------------------------------------------------

    /** Opens a session; empty when the user has too many. */
    public synchronized Optional<String> open(User user) {
        String name = user.name();
        sessions.values().removeIf(this::isOver);
        long open = sessions.values().stream().filter(s -> s.user.equals(name)).count();
        if (!user.equals(User.GUEST) && open >= maxSessions) {
            return Optional.empty();
        }
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes).toUpperCase(Locale.ROOT);
        sessions.put(id, new ServerSession(name, clock.instant()));
        return Optional.of(id);
    }

    /** The user of a session, with its idle time reset; empty when it is unknown, expired, or a guest's. */
    public synchronized Optional<User> touch(String sessionId) {
        ServerSession session = sessions.get(sessionId);
        if (session == null) {
            return Optional.empty();
        }
        if (isOver(session)) {
            sessions.remove(sessionId);
            return Optional.empty();
        }
        session.used = clock.instant();
        return Optional.ofNullable(users.get(session.user));
    }

    /** Whether a session, of a user or a guest, is open. */
    public synchronized boolean isOpen(String sessionId) {
        ServerSession session = sessions.get(sessionId);
        return session != null && !isOver(session);
    }

    private boolean isOver(ServerSession session) {
        return !clock.instant().isBefore(session.used.plus(timeout));
    }

    public synchronized void close(String sessionId) {
        sessions.remove(sessionId);
    }

    /** Ends every session at once. */
    public synchronized void closeAll() {
        sessions.clear();
    }

    /** Number of open sessions of a user. */
    public synchronized long openSessions(String user) {
        sessions.values().removeIf(this::isOver);
        return sessions.values().stream().filter(s -> s.user.equals(user)).count();
    }

    // ---- alias tokens ----------------------------------------------------------------------------------------------

    public synchronized Token issue(String user) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        StringBuilder secret = new StringBuilder();
        for (int i = 0; i < 64; i++) {
            secret.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        Instant now = clock.instant();
        Token token =
                new Token(++lastToken, UUID.randomUUID().toString(), secret.toString(), user, now, now.plus(tokenLife));
        tokens.put(token.alias(), token);
        return token;
    }

    public synchronized List<Token> tokens(String user) {
        return tokens.values().stream().filter(t -> t.user().equals(user)).toList();
    }

    /** The user of a token, empty when it is unknown or expired. */
    public synchronized Optional<String> validate(String alias, String secret) {
        return Optional.ofNullable(tokens.get(alias))
                .filter(t -> t.secret().equals(secret) && clock.instant().isBefore(t.expires()))
                .map(Token::user);
    }

    public synchronized void invalidate(String alias, String secret) {
        tokens.computeIfPresent(alias, (key, token) -> token.secret().equals(secret) ? null : token);
    }
}
