package org.datman.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;

/** {@code datman.ingest.*}: how sessions are looked at. */
@ConfigMapping(prefix = "datman.ingest")
public interface IngestSettings {

    /** Sessions that are read at the same time. */
    @WithDefault("3")
    @Min(1)
    int workers();

    /** How often deadlines are looked at: settling, listing, a changed study configuration. */
    @WithDefault("1s")
    String tick();

    /** How long a worker waits for more hints of the same session: XNAT sends storms of them. */
    @WithDefault("PT2S")
    Duration debounce();

    /** Longest that a steady storm can put off reading. */
    @WithDefault("PT30S")
    Duration debounceCap();

    /** After which time another worker may take over a session whose worker died. */
    @WithDefault("PT10M")
    Duration lease();

    /** First wait after a failed read; doubles up to {@link #retryCap()}. */
    @WithDefault("PT5S")
    Duration retryAfter();

    @WithDefault("PT5M")
    Duration retryCap();

    /** After how many tries a session that XNAT does not have, and that was never seen, is asked for no more. */
    @WithDefault("12")
    @Min(1)
    int neverSeenAttempts();

    /** After how many failed reads people are told. */
    @WithDefault("3")
    @Min(1)
    int tellAfter();

    /** Quiet time after which a session of no study counts as settled; studies say their own. */
    @WithDefault("PT60S")
    Duration quietPeriod();

    /** Longest wait for quiet, for a session of no study. */
    @WithDefault("PT4H")
    Duration settleCap();

    /** How often each project is listed and compared. */
    @WithDefault("PT10M")
    Duration reconcileEvery();

    /** How many complete listings in a row must lack a session, besides the 404, before it counts as deleted. */
    @WithDefault("2")
    @Min(1)
    int deletionConfirmations();

    /** How soon a project is listed again while one of its sessions is missing. */
    @WithDefault("PT1M")
    Duration confirmEvery();

    /** Time of day of the full sweep, which looks at every session. */
    @WithDefault("02:30")
    LocalTime fullSweepAt();

    /** Zone of {@link #fullSweepAt()}. */
    @WithDefault("UTC")
    ZoneId fullSweepZone();
}
