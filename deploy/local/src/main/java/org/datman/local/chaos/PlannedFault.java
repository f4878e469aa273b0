package org.datman.local.chaos;

import java.time.Duration;
import java.util.Locale;

/**
 * A fault of a schedule.
 *
 * @param at after the start of the faults
 * @param lasts until it is ended; zero for one that is over at once
 * @param target process, server or folder
 * @param how its variant; empty for a kind that has none
 */
public record PlannedFault(Duration at, Duration lasts, ChaosFault kind, String target, String how) {

    /** In one line. */
    public String text() {
        return String.format(
                Locale.ROOT,
                "%5.1f s  %s %s%s%s",
                at.toMillis() / 1000.0,
                kind.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                target,
                how.isEmpty() ? "" : " (" + how + ")",
                lasts.isZero() ? "" : String.format(Locale.ROOT, " for %.1f s", lasts.toMillis() / 1000.0));
    }
}
