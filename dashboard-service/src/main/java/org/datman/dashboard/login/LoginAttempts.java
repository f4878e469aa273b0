package org.datman.dashboard.login;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The delay after wrong passwords. Counted by account and address together, so that no user can lock another
 * out, and with a higher limit by address alone, against one password tried on many accounts. Kept in memory: a restart resets it.
 */
@ApplicationScoped
class LoginAttempts {

    private static final int FREE = 5;
    private static final int FREE_OF_ADDRESS = 50;
    private static final int MOST_KEYS = 10_000;
    private static final int LONGEST_SECONDS = 60;
    private static final Duration FORGIVEN_AFTER = Duration.ofMinutes(15);

    private final Clock clock;
    private final Map<String, Failed> failed = new LinkedHashMap<>();

    LoginAttempts(Clock clock) {
        this.clock = clock;
    }

    private record Failed(int times, Instant last) {}

    /** How long this account must wait before the next attempt from this address; zero when it need not. */
    synchronized Duration wait(String username, String address) {
        Duration own = wait(both(username, address), FREE);
        Duration all = wait(address, FREE_OF_ADDRESS);
        return own.compareTo(all) > 0 ? own : all;
    }

    synchronized void failed(String username, String address) {
        count(both(username, address));
        count(address);
    }

    synchronized void succeeded(String username, String address) {
        failed.remove(both(username, address));
    }

    private void count(String key) {
        Failed before = failed.remove(key);
        Instant now = clock.instant();
        int earlier = before != null && before.last().plus(FORGIVEN_AFTER).isAfter(now) ? before.times() : 0;
        failed.put(key, new Failed(earlier + 1, now));
        if (failed.size() > MOST_KEYS) {
            failed.remove(failed.keySet().iterator().next());
        }
    }

    private Duration wait(String key, int free) {
        Failed before = failed.get(key);
        if (before == null || before.times() < free) {
            return Duration.ZERO;
        }
        long seconds = Math.min(LONGEST_SECONDS, 1L << Math.min(10, before.times() - free + 2));
        Duration left = Duration.between(clock.instant(), before.last().plusSeconds(seconds));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static String both(String username, String address) {
        return username + "\n" + address;
    }
}
