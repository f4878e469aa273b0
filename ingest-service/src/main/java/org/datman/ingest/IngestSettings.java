package org.datman.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;

/** {@code datman.ingest.*}: how sessions are synchronised. */
@ConfigMapping(prefix = "datman.ingest")
public interface IngestSettings {

    /** Number of sessions read concurrently. */
    @WithDefault("3")
    @Min(1)
    int workers();

    /** How often deadlines are checked: settling, a full sweep, a changed study configuration. */
    @WithDefault("1s")
    String tick();

    /** How long a worker waits for more notifications of the same session: XNAT sends bursts of them. */
    @WithDefault("PT2S")
    Duration debounce();

    /** Longest delay of a read by a continuous burst. */
    @WithDefault("PT30S")
    Duration debounceCap();

    /** How long a session or a listing belongs to a process that does not renew its lease: one of a machine that broke down. */
    @WithDefault("PT1M")
    Duration lease();

    /** First wait after a failed read; doubles up to {@link #retryCap()}. */
    @WithDefault("PT5S")
    Duration retryAfter();

    @WithDefault("PT5M")
    Duration retryCap();

    /** Number of attempts for a session that XNAT does not have and that was never seen; then it is dropped. */
    @WithDefault("12")
    @Min(1)
    int neverSeenAttempts();

    /** Number of failed reads after which a failure is published. */
    @WithDefault("3")
    @Min(1)
    int reportAfter();

    /** Quiet time after which a session without a study counts as settled; studies have their own setting. */
    @WithDefault("PT60S")
    Duration quietPeriod();

    /** Longest wait for quiet, for a session without a study. */
    @WithDefault("PT4H")
    Duration settleCap();

    /** How often each project is listed and compared. */
    @WithDefault("PT10M")
    Duration reconcileEvery();

    /** How often a server that numbers its changes (an Orthanc) is asked for new ones. */
    @WithDefault("2s")
    String changesEvery();

    /** How many complete listings in a row must lack a session, besides the 404, before it counts as deleted. */
    @WithDefault("2")
    @Min(1)
    int deletionConfirmations();

    /** How soon a project is listed again while one of its sessions is missing. */
    @WithDefault("PT1M")
    Duration confirmEvery();

    /** Time of day of the full sweep, which checks every session. */
    @WithDefault("02:30")
    LocalTime fullSweepAt();

    /** Zone of {@link #fullSweepAt()}. */
    @WithDefault("UTC")
    ZoneId fullSweepZone();
}
