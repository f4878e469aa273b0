package org.datman.dashboard.login;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The delay after wrong passwords. Counted by account and address together, so that no user can lock another
 * out; with a higher limit by address alone, against one password tried on many accounts; and by account alone, against guessing from many
 * addresses: the account is then locked for a while, except for addresses from which it logged in before. Kept in memory: a restart resets it.
 */
@ApplicationScoped
class LoginAttempts {

    private static final int FREE = 5;
    private static final int FREE_OF_ADDRESS = 50;
    private static final int FREE_OF_ACCOUNT = 100;
    private static final int MOST_KEYS = 10_000;
    private static final int LONGEST_SECONDS = 60;
    private static final int LOCKED_SECONDS = 900;
    private static final Duration FORGIVEN_AFTER = Duration.ofMinutes(15);

    private final Clock clock;
    private final Map<String, Instant> known = new LinkedHashMap<>();
    private final Map<String, Failed> failed = new LinkedHashMap<>();

    LoginAttempts(Clock clock) {
        this.clock = clock;
    }

    private record Failed(int times, Instant last) {}

    /** How long this account must wait before the next attempt from this address; zero when it need not. */
    synchronized Duration wait(String username, String address) {
        Duration own = wait(both(username, address), FREE, LONGEST_SECONDS);
        Duration all = wait(address, FREE_OF_ADDRESS, LONGEST_SECONDS);
        Duration account = known.containsKey(both(username, address))
                ? Duration.ZERO
                : wait(ofAccount(username), FREE_OF_ACCOUNT, LOCKED_SECONDS);
        return Collections.max(List.of(own, all, account));
    }

    /** Whether it is the one after which the next attempt must wait. */
    synchronized boolean failed(String username, String address) {
        int own = count(both(username, address));
        int all = count(address);
        int account = count(ofAccount(username));
        return own == FREE || all == FREE_OF_ADDRESS || account == FREE_OF_ACCOUNT;
    }

    synchronized void succeeded(String username, String address) {
        failed.remove(both(username, address));
        known.remove(both(username, address));
        known.put(both(username, address), clock.instant());
        if (known.size() > MOST_KEYS) {
            known.remove(known.keySet().iterator().next());
        }
    }

    private int count(String key) {
        Failed before = failed.remove(key);
        Instant now = clock.instant();
        int earlier = before != null && before.last().plus(FORGIVEN_AFTER).isAfter(now) ? before.times() : 0;
        failed.put(key, new Failed(earlier + 1, now));
        if (failed.size() > MOST_KEYS) {
            failed.remove(failed.keySet().iterator().next());
        }
        return earlier + 1;
    }

    private Duration wait(String key, int free, int longest) {
        Failed before = failed.get(key);
        if (before == null || before.times() < free) {
            return Duration.ZERO;
        }
        long seconds = longest == LOCKED_SECONDS
                ? LOCKED_SECONDS
                : Math.min(longest, 1L << Math.min(10, before.times() - free + 2));
        Duration left = Duration.between(clock.instant(), before.last().plusSeconds(seconds));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static String ofAccount(String username) {
        return username + "\n*";
    }

    private static String both(String username, String address) {
        return username + "\n" + address;
    }
}
