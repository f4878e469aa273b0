package org.datman.ingest.webhook;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** {@code datman.webhook.*}: verification of XNAT's webhooks. Without a secret every delivery is rejected. */
@ConfigMapping(prefix = "datman.webhook")
public interface WebhookSettings {

    /** The secret shared with XNAT's script, best from the environment: {@code DATMAN_WEBHOOK_SECRET}. */
    Optional<String> secret();

    /** A file that contains only the secret. */
    Optional<Path> secretFile();

    /** Maximum difference between a delivery's time and the local clock, in both directions. */
    @WithDefault("PT5M")
    Duration window();

    /** Maximum body size, bytes. */
    @WithDefault("1048576")
    int maxBody();

    /** Maximum time to receive the whole body; a slower connection is closed. */
    @WithDefault("PT10S")
    Duration bodyTimeout();

    /** How long deliveries are kept for later inspection; never shorter than the window. */
    @WithDefault("P30D")
    Duration retention();
}
