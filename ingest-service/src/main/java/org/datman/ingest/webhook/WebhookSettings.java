package org.datman.ingest.webhook;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** {@code datman.webhook.*}: what XNAT's scripts must prove. Without a secret every delivery is refused. */
@ConfigMapping(prefix = "datman.webhook")
public interface WebhookSettings {

    /** The secret shared with XNAT's script, best from the environment: {@code DATMAN_WEBHOOK_SECRET}. */
    Optional<String> secret();

    /** A file that holds nothing but the secret. */
    Optional<Path> secretFile();

    /** How far a delivery's time may be from ours, in both directions. */
    @WithDefault("PT5M")
    Duration window();

    /** Longest body, bytes. */
    @WithDefault("1048576")
    int maxBody();

    /** Longest time until a whole body is there; a connection that takes longer is closed. */
    @WithDefault("PT10S")
    Duration bodyTimeout();

    /** How long deliveries are kept for questions that come later; never shorter than the window. */
    @WithDefault("P30D")
    Duration keep();
}
